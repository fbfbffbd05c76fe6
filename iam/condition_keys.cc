// SPDX-License-Identifier: MIT
#include "iam/condition_keys.h"

#include "base/codec.h"

namespace imdsd::iam {
namespace {

/// FNV-1a over the lower-case name.
std::uint32_t hash_of(std::string_view name) {
  std::uint32_t hash = 2166136261U;
  for (const char c : name) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    hash = (hash ^ static_cast<unsigned char>(lower)) * 16777619U;
  }
  return hash;
}

}  // namespace

ConditionKeyName::ConditionKeyName(std::string_view name)
    : text_(base::to_lower(name)), hash_(hash_of(name)) {}

void ConditionKeys::set(std::string_view key, std::string value) {
  Values values;
  values.push_back(std::move(value));
  set(key, std::move(values));
}

void ConditionKeys::set(std::string_view key, Values values) {
  for (auto& [name, old_values] : keys_) {
    if (base::equals_ignoring_case(name, key)) {
      old_values = std::move(values);
      return;
    }
  }
  keys_.emplace_back(base::to_lower(key), std::move(values));
  hashes_.push_back(hash_of(key));
}

const ConditionKeys::Values* ConditionKeys::find(std::string_view key) const {
  return find(ConditionKeyName(key));
}

const ConditionKeys::Values* ConditionKeys::find(const ConditionKeyName& key) const {
  for (std::size_t i = 0; i < hashes_.size(); ++i) {
    if (hashes_[i] == key.hash() && keys_[i].first == key.text()) return &keys_[i].second;
  }
  return nullptr;
}

}  // namespace imdsd::iam
