// SPDX-License-Identifier: MIT
#include "iam/condition_binary.h"

#include <algorithm>

#include "base/codec.h"

namespace imdsd::iam {

base::Result<BinaryCondition> BinaryCondition::parse(const std::vector<std::string>& values) {
  BinaryCondition condition;
  for (const std::string& value : values) {
    if (!base::base64_decode(value)) {
      return base::fail(base::Errc::invalid_argument, "`" + value + "` is not base64");
    }
    condition.values_.push_back(value);
  }
  return condition;
}

bool BinaryCondition::matches(std::string_view value) const {
  return std::find(values_.begin(), values_.end(), value) != values_.end();
}

}  // namespace imdsd::iam
