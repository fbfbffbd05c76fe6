// SPDX-License-Identifier: MIT
#include "sts/json_web_token.h"

#include <utility>

#include "base/codec.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using iam::JsonNode;

constexpr std::size_t kMaxKeyIdBytes = 1024;

Result<std::string> decode(std::string_view part, const char* name) {
  auto bytes = base::base64url_decode_unpadded(part);
  if (!bytes) return base::fail_in(name, std::move(bytes).error());
  return bytes;
}

Result<JsonNode> object_of(std::string_view json, const char* name) {
  auto node = iam::parse_json(json);
  if (!node || node->kind != JsonNode::Kind::object) {
    return fail(Errc::invalid_argument, std::string(name) + ": no JSON object of unique members");
  }
  return *std::move(node);
}

/// Empty when it is not there.
Result<std::string> header_text(const JsonNode& header, std::string_view name) {
  const JsonNode* const member = header.find(name);
  if (member == nullptr) return std::string();
  if (member->kind != JsonNode::Kind::string) {
    return fail(Errc::invalid_argument, "header: `" + std::string(name) + "` is no text");
  }
  return member->text;
}

Result<void> read_header(const JsonNode& header, JsonWebToken& token) {
  // RFC 7515 section 4.1.11: no extension is understood here, so that none may be required.
  if (header.find("crit") != nullptr) {
    return fail(Errc::invalid_argument, "header: `crit` asks for what is not supported");
  }
  IMDSD_TRY(const std::string algorithm, header_text(header, "alg"));
  const auto known = base::find_signature_algorithm(algorithm);
  if (!known) {
    return fail(Errc::invalid_argument, "header: `alg` is none of RS256 to RS512, ES256 to ES512");
  }
  token.algorithm = *known;
  IMDSD_TRY(token.key_id, header_text(header, "kid"));
  if (token.key_id.size() > kMaxKeyIdBytes) {
    return fail(Errc::invalid_argument, "header: `kid` is too long");
  }
  IMDSD_TRY([[maybe_unused]] const std::string type, header_text(header, "typ"));
  return {};
}

}  // namespace

Result<JsonWebToken> JsonWebToken::parse(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos) {
    return fail(Errc::invalid_argument, "not three parts with dots between them");
  }
  IMDSD_TRY(const std::string header_json, decode(text.substr(0, first), "header"));
  IMDSD_TRY(const std::string claims_json,
            decode(text.substr(first + 1, second - first - 1), "claims"));
  JsonWebToken token;
  IMDSD_TRY(token.signature, decode(text.substr(second + 1), "signature"));
  IMDSD_TRY(const JsonNode header, object_of(header_json, "header"));
  IMDSD_TRY_VOID(read_header(header, token));
  IMDSD_TRY(token.claims, object_of(claims_json, "claims"));
  token.signed_text = text.substr(0, second);
  return token;
}

}  // namespace imdsd::sts
