// SPDX-License-Identifier: MIT
#include "s3/index.h"

namespace imdsd::s3 {

IndexResult<void> check_condition(const WriteCondition& condition,
                                  std::optional<std::string_view> etag) {
  if (condition.if_none_match && etag) return refuse(IndexErrc::precondition_failed);
  if (!condition.if_match) return {};
  if (!etag) return refuse(IndexErrc::no_such_key);
  if (*condition.if_match == "*" || *condition.if_match == *etag) return {};
  return refuse(IndexErrc::precondition_failed);
}

}  // namespace imdsd::s3
