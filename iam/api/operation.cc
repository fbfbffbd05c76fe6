// SPDX-License-Identifier: MIT
#include "iam/api/operation.h"

#include <string>
#include <unordered_map>

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

}  // namespace

const Operation* find_operation(std::string_view name) {
  static const Index index = make_index();
  const auto found = index.find(name);
  return found == index.end() ? nullptr : found->second;
}

}  // namespace imdsd::iam::api
