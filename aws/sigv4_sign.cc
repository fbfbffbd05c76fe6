// SPDX-License-Identifier: MIT
#include <algorithm>

#include "aws/sigv4.h"
#include "aws/time_format.h"
#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::aws {
namespace {

// What proxies and HTTP stacks rewrite stays unsigned: only these and X-Amz-*.
bool is_to_be_signed(std::string_view lower_name) {
  return lower_name == "host" || lower_name == "content-type" || lower_name == "content-md5" ||
         lower_name.starts_with("x-amz-");
}

std::vector<std::string> names_to_sign(const base::HttpHeaders& headers) {
  std::vector<std::string> names;
  for (const auto& line : headers.lines()) {
    std::string name = base::to_lower(line.name);
    if (is_to_be_signed(name)) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out.append(out.empty() ? "" : ";").append(name);
  return out;
}

}  // namespace

base::Result<void> sign(base::HttpRequest& request, const SigningKey& key, std::string_view region,
                        std::string_view service, base::SystemTime now) {
  if (key.secret_access_key == nullptr) {
    return base::fail(base::Errc::invalid_argument, "cannot sign without a secret access key");
  }
  if (!request.headers.has("host")) {
    return base::fail(base::Errc::invalid_argument, "cannot sign a request without Host");
  }
  const bool is_s3 = service == "s3";
  const std::string amz_date = format_basic(now);
  const auto given_hash = request.headers.get("X-Amz-Content-SHA256");
  const std::string payload_hash =
      is_s3 && given_hash ? std::string(*given_hash) : base::hex_encode(base::sha256(request.body));
  request.headers.set("X-Amz-Date", amz_date);
  if (key.session_token != nullptr) {
    request.headers.set("X-Amz-Security-Token", std::string(key.session_token->reveal()));
  }
  // S3 takes the hash, or what stands in its place, from this header
  // (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
  if (is_s3) request.headers.set("X-Amz-Content-SHA256", payload_hash);

  const CredentialScope scope{amz_date.substr(0, 8), std::string(region), std::string(service),
                              "aws4_request"};
  const auto names = names_to_sign(request.headers);
  const auto rule = is_s3 ? PathRule::verbatim : PathRule::normalize_and_encode_twice;
  IMDSD_TRY(const std::string canonical, canonical_request(request, names, payload_hash, rule));
  const std::string signed_text = string_to_sign(amz_date, scope, canonical);
  request.headers.set("Authorization",
                      std::string(kSigV4Algorithm) + " Credential=" + key.access_key_id + "/" +
                          scope.to_string() + ", SignedHeaders=" + joined(names) +
                          ", Signature=" + signature(*key.secret_access_key, scope, signed_text));
  return {};
}

}  // namespace imdsd::aws
