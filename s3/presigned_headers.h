// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "aws/s3_error.h"
#include "base/http_message.h"

namespace imdsd::s3 {

/// A request by a presigned URL with the x-amz-* parameters of its query as the headers that they
/// stand for: the SDKs for Java, JavaScript and others move all of them there, and whoever has the
/// URL sends none. A header of that name goes before. Nothing for all other requests.
/// x-amz-checksum-* and x-amz-sdk-checksum-algorithm stay where they are: S3 does not look at them
/// there, and SDKs put the checksum of the body that they do not have yet into the URL
/// (https://github.com/aws/aws-sdk-go-v2/issues/2610,
/// https://github.com/localstack/localstack/issues/12169).
/// InvalidArgument for a name or value that no header can have. Pure.
[[nodiscard]] aws::S3Outcome<std::optional<base::HttpRequest>> with_headers_of_query(
    const base::HttpRequest& request);

}  // namespace imdsd::s3
