// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace imdsd::iam {

/// Null: "true" asks that the key be absent, "false" that it be there.
class NullCondition {
 public:
  [[nodiscard]] static base::Result<NullCondition> parse(const std::vector<std::string>& values);
  [[nodiscard]] bool matches(bool present) const {
    return present ? present_matches_ : absent_matches_;
  }

 private:
  bool absent_matches_ = false;
  bool present_matches_ = false;
};

}  // namespace imdsd::iam
