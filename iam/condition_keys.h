// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace imdsd::iam {

/// The condition keys of one request. Names compare without case. A key that is absent is absent,
/// not empty.
class ConditionKeys {
 public:
  void set(std::string_view key, std::string value);
  void set(std::string_view key, std::vector<std::string> values);
  /// Nothing when the key is absent.
  [[nodiscard]] const std::vector<std::string>* find(std::string_view key) const;
  /// In the order they were set, names in lower case.
  [[nodiscard]] const std::vector<std::pair<std::string, std::vector<std::string>>>& all()
      const noexcept {
    return keys_;
  }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> keys_;
};

}  // namespace imdsd::iam
