// SPDX-License-Identifier: MIT
// Errors as S3 writes them (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace imdsd::aws {

struct S3Error {
  int status = 400;
  std::string code, message;
  std::vector<std::pair<std::string, std::string>> details =
      {};                          // elements behind Message, in order
  std::string bucket_region = {};  // for the header x-amz-bucket-region; empty: the answer has none
  friend bool operator==(const S3Error&, const S3Error&) = default;
};

/// The value of an S3 action, or the error it answers with.
template <class T>
class [[nodiscard]] S3Outcome : public tl::expected<T, S3Error> {
  using Base = tl::expected<T, S3Error>;

 public:
  using Base::Base;
  // NOLINTNEXTLINE(google-explicit-constructor): wraps its base
  S3Outcome(Base&& b) : Base(std::move(b)) {}
};

/// <Error>…</Error> on one line, behind the XML declaration; no namespace.
[[nodiscard]] std::string s3_error_xml(const S3Error& error, std::string_view request_id,
                                       std::string_view host_id);

}  // namespace imdsd::aws
