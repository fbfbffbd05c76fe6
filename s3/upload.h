// SPDX-License-Identifier: MIT
// The upload that a request is about.
#pragma once

#include <string>

#include "aws/s3_error.h"
#include "s3/context.h"
#include "s3/object.h"

namespace imdsd::s3 {

/// uploadId, as it was sent.
[[nodiscard]] std::string upload_id_of(const Context& context);

/// NoSuchUpload.
[[nodiscard]] aws::S3Outcome<Upload> find_upload(const Context& context);

}  // namespace imdsd::s3
