// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
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
  std::string text_;
  std::uint32_t hash_ = 0;
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
  /// In the order they were set, names in lower case.
  [[nodiscard]] const std::vector<std::pair<std::string, Values>>& all() const noexcept {
    return keys_;
  }

 private:
  std::vector<std::pair<std::string, Values>> keys_;
  std::vector<std::uint32_t> hashes_;  // one for each of keys_: a request has a few dozen of them
};

}  // namespace imdsd::iam
