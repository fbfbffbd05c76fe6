// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace imdsd::iam {

/// The name of a condition key as a policy holds it: in lower case, ready to be looked up.
class ConditionKeyName {
 public:
  ConditionKeyName() : ConditionKeyName(std::string_view()) {}
  explicit ConditionKeyName(std::string_view name);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::uint32_t hash() const noexcept { return hash_; }

 private:
  std::uint32_t hash_ = 0;
  std::string text_;
};

/// The condition keys of one request. Names compare without case. A key that is absent is absent,
/// not empty.
class ConditionKeys {
 public:
  using Values = std::vector<std::string>;

  void set(std::string_view key, std::string value);
  void set(std::string_view key, Values values);
  /// Nothing when the key is absent.
  [[nodiscard]] const Values* find(std::string_view key) const;
  [[nodiscard]] const Values* find(const ConditionKeyName& key) const;
  /// In the order they were set, names as they were given first.
  [[nodiscard]] const std::vector<std::pair<std::string, Values>>& all() const noexcept {
    return keys_;
  }

 private:
  /// A place of the hash table; free when `entry` is 0.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t entry = 0;  // 1 is the first of keys_
  };
  [[nodiscard]] std::optional<std::size_t> index_of(const ConditionKeyName& name) const;
  void grow();
  void take_slot(Slot slot);

  std::vector<std::pair<std::string, Values>> keys_;
  std::vector<std::string> lower_names_;  // of keys_
  std::vector<Slot> slots_;               // a power of two of them, half of them free
};

}  // namespace imdsd::iam
