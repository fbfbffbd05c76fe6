// SPDX-License-Identifier: MIT
// Signatures as the Query services and as S3 read them. Input: "METHOD TARGET \nHeader:
// value\n…\n\nbody". No input may verify: the fuzzer has no secret.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/s3_authorization.h"
#include "aws/sigv4_authorization.h"
#include "base/codec.h"

namespace {

imdsd::base::HttpRequest request_from(std::string_view text) {
  imdsd::base::HttpRequest request;
  const auto take = [&text](std::string_view end) {
    const auto at = text.find(end);
    const std::string_view piece = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
    return piece;
  };
  request.method = std::string(take(" "));
  request.target = std::string(take(" \n"));
  while (!text.empty()) {
    const std::string_view line = take("\n");
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    request.headers.add(std::string(line.substr(0, colon)),
                        std::string(imdsd::base::trim(line.substr(colon + 1))));
  }
  request.body = std::string(text);
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace std::chrono;
  const auto request = request_from({reinterpret_cast<const char*>(data), size});
  const imdsd::base::SystemTime now{sys_days{2015y / 8 / 30} + 12h + 36min};
  const imdsd::base::Secret secret("a secret that the input does not know");
  if (const auto of_s3 = imdsd::aws::parse_s3_authorization(request, "us-east-1", now)) {
    if (imdsd::aws::verify_s3_signature(request, *of_s3, secret)) std::abort();
  }
  const auto authorization = imdsd::aws::parse_authorization(request, now);
  if (!authorization) return 0;
  (void)imdsd::aws::check_scope(*authorization, "sts", "us-east-1");
  if (imdsd::aws::verify_signature(request, *authorization, secret,
                                   imdsd::aws::PathRule::normalize_and_encode_twice)) {
    std::abort();
  }
  return 0;
}
