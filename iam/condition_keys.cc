// SPDX-License-Identifier: MIT
#include "iam/condition_keys.h"

#include <algorithm>
#include <utility>

#include "base/codec.h"

namespace imdsd::iam {
namespace {

/// For as many keys as most requests have, twice over.
constexpr std::size_t kFewestSlots = 64;

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
  if (2 * (keys_.size() + 1) > slots_.size()) grow();
  keys_.emplace_back(key, std::move(values));
  lower_names_.push_back(name.text());
  take_slot({name.hash(), static_cast<std::uint32_t>(keys_.size())});
}

void ConditionKeys::grow() {
  const std::vector<Slot> before =
      std::exchange(slots_, std::vector<Slot>(std::max(kFewestSlots, 2 * slots_.size())));
  keys_.reserve(slots_.size() / 2);
  lower_names_.reserve(slots_.size() / 2);
  for (const Slot& slot : before) {
    if (slot.entry != 0) take_slot(slot);
  }
}

void ConditionKeys::take_slot(Slot slot) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = slot.hash & mask;
  while (slots_[at].entry != 0) at = (at + 1) & mask;
  slots_[at] = slot;
}

const ConditionKeys::Values* ConditionKeys::find(std::string_view key) const {
  return find(ConditionKeyName(key));
}

const ConditionKeys::Values* ConditionKeys::find(const ConditionKeyName& key) const {
  const auto at = index_of(key);
  return at ? &keys_[*at].second : nullptr;
}

std::optional<std::size_t> ConditionKeys::index_of(const ConditionKeyName& name) const {
  if (slots_.empty()) return std::nullopt;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = name.hash() & mask; slots_[at].entry != 0; at = (at + 1) & mask) {
    const std::size_t entry = slots_[at].entry - 1;
    if (slots_[at].hash == name.hash() && lower_names_[entry] == name.text()) return entry;
  }
  return std::nullopt;
}

}  // namespace imdsd::iam
