// SPDX-License-Identifier: MIT
// What the operations that make objects have in common.
#pragma once

#include <string>

#include "base/http_message.h"
#include "iam/condition_keys.h"

namespace imdsd::s3 {

/// s3:RequestObjectTag/* of x-amz-tagging.
[[nodiscard]] iam::ConditionKeys request_tag_keys(const base::HttpHeaders& headers);

/// The ETag, if there is one, and the encryption that everything has.
void add_write_headers(base::HttpHeaders& out, const std::string& etag);

}  // namespace imdsd::s3
