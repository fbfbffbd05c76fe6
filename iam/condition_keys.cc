// SPDX-License-Identifier: MIT
#include "iam/condition_keys.h"

#include "base/codec.h"

namespace imdsd::iam {

void ConditionKeys::set(std::string_view key, std::string value) {
  std::vector<std::string> values;
  values.push_back(std::move(value));
  set(key, std::move(values));
}

void ConditionKeys::set(std::string_view key, std::vector<std::string> values) {
  for (auto& [name, old_values] : keys_) {
    if (base::equals_ignoring_case(name, key)) {
      old_values = std::move(values);
      return;
    }
  }
  keys_.emplace_back(base::to_lower(key), std::move(values));
}

const std::vector<std::string>* ConditionKeys::find(std::string_view key) const {
  for (const auto& [name, values] : keys_) {
    if (base::equals_ignoring_case(name, key)) return &values;
  }
  return nullptr;
}

}  // namespace imdsd::iam
