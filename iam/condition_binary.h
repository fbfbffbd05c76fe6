// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace imdsd::iam {

/// BinaryEquals: both sides are base64. Strict base64 has one text for the same bytes, so texts are
/// compared.
class BinaryCondition {
 public:
  [[nodiscard]] static base::Result<BinaryCondition> parse(const std::vector<std::string>& values);
  [[nodiscard]] bool matches(std::string_view value) const;

 private:
  std::vector<std::string> values_;
};

}  // namespace imdsd::iam
