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
    : hash_(hash_of(name)), text_(base::to_lower(name)) {}

void ConditionKeys::set(std::string_view key, std::string value) {
  Values values;
  values.push_back(std::move(value));
  set(key, std::move(values));
}

void ConditionKeys::set(std::string_view key, Values values) {
  const ConditionKeyName name(key);
  if (const auto at = index_of(name)) {
    keys_[*at].second = std::move(values);
    return;
  }
  keys_.emplace_back(key, std::move(values));
  hashes_.push_back(name.hash());
  lower_names_.push_back(name.text());
}

const ConditionKeys::Values* ConditionKeys::find(std::string_view key) const {
  return find(ConditionKeyName(key));
}

const ConditionKeys::Values* ConditionKeys::find(const ConditionKeyName& key) const {
  const auto at = index_of(key);
  return at ? &keys_[*at].second : nullptr;
}

std::optional<std::size_t> ConditionKeys::index_of(const ConditionKeyName& name) const {
  for (std::size_t i = 0; i < hashes_.size(); ++i) {
    if (hashes_[i] == name.hash() && lower_names_[i] == name.text()) return i;
  }
  return std::nullopt;
}

}  // namespace imdsd::iam
