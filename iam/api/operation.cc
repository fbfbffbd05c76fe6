// SPDX-License-Identifier: MIT
#include "iam/api/operation.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace imdsd::iam::api {
namespace {

using Index = std::unordered_map<std::string_view, const Operation*>;

Index make_index() {
  Index index;
  for (const auto rows :
       {user_operations(), access_key_operations(), login_operations(), mfa_operations(),
        group_operations(), role_operations(), inline_policy_operations(), attachment_operations(),
        managed_policy_operations(), instance_profile_operations(), provider_operations(),
        account_operations(), simulation_operations()}) {
    for (const Operation& operation : rows) index.emplace(operation.name, &operation);
  }
  return index;
}

const Index& operations() {
  static const Index index = make_index();
  return index;
}

}  // namespace

const Operation* find_operation(std::string_view name) {
  const auto found = operations().find(name);
  return found == operations().end() ? nullptr : found->second;
}

std::vector<std::string_view> operation_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, operation] : operations()) names.push_back(name);
  return names;
}

}  // namespace imdsd::iam::api
