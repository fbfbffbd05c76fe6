// SPDX-License-Identifier: MIT
// Which bucket and which object a request is about: virtual-hosted or path-style
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html). Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "aws/s3_error.h"
#include "base/http_message.h"

namespace imdsd::s3 {

/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html; bytes of UTF-8.
inline constexpr std::size_t kMaxKeyBytes = 1024;

/// A key is the bytes that were sent, percent-decoded once: `a//b`, `../x` and `x/` are three keys
/// like any other, and never a path.
struct Address {
  std::string bucket = {};  // empty: the service
  std::string key = {};     // empty: the bucket
  bool virtual_hosted = false;
  friend bool operator==(const Address&, const Address&) = default;
};

/// `domains`, such as `localhost`: what the Host of a virtual-hosted request ends in, behind
/// `bucket.`, `bucket.s3.` or `bucket.s3.region.`. InvalidURI, InvalidBucketName, KeyTooLongError.
[[nodiscard]] aws::S3Outcome<Address> parse_address(const base::HttpRequest& request,
                                                    std::span<const std::string> domains);

/// x-amz-copy-source: `/bucket/key` or `bucket/key`, percent-encoded. A bucket's ARN is for access
/// points, which are NotImplemented, as is a versionId other than `null`.
[[nodiscard]] aws::S3Outcome<Address> parse_copy_source(std::string_view header);

/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, of general purpose
/// buckets.
[[nodiscard]] bool is_bucket_name(std::string_view name) noexcept;

}  // namespace imdsd::s3
