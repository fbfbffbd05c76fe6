// SPDX-License-Identifier: MIT
#include "gateway/serve_s3.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "aws/query_protocol.h"
#include "aws/query_string.h"
#include "aws/sigv4_authorization.h"
#include "base/codec.h"
#include "base/digest.h"
#include "gateway/query_call.h"
#include "gateway/scope_hint.h"
#include "iam/make_principal.h"
#include "s3/address.h"
#include "s3/operation.h"
#include "s3/presigned_headers.h"
#include "s3/request.h"
#include "s3/service.h"
#include "sts/authenticate.h"

namespace imdsd::gateway {
namespace {

using aws::S3Error;
using aws::S3Outcome;

/// "0A49CE4060975EAC".
std::string make_request_id(base::Random& random) {
  std::array<std::byte, 8> bytes{};
  random.fill(bytes);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::string id = base::hex_encode(text);
  for (char& c : id) {
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  }
  return id;
}

std::string host_id_of(std::string_view request_id) {
  return base::base64_encode(base::sha256(request_id));
}

void add_common_headers(const Exchange& exchange, base::HttpHeaders& headers) {
  headers.add("x-amz-request-id", exchange.request_id);
  headers.add("x-amz-id-2", host_id_of(exchange.request_id));
  headers.add("Server", "AmazonS3");
}

/// Signature Version 2: an Authorization header of the scheme AWS, or a URL with these parameters
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html).
bool is_signed_by_v2(const base::HttpRequest& request) {
  if (const auto header = request.headers.get("Authorization")) return header->starts_with("AWS ");
  return aws::query_value(request.query(), "AWSAccessKeyId") &&
         aws::query_value(request.query(), "Signature");
}

/// As regions that opened after January 2014 answer.
S3Error no_v2() {
  return {400, "InvalidRequest",
          "The authorization mechanism you have provided is not supported. Please use "
          "AWS4-HMAC-SHA256."};
}

/// Whoever did not sign: nobody, or with auth.mode = "off" root of the default account.
iam::Caller unsigned_caller(const sts::Authority& authority) {
  if (authority.mode != iam::AuthMode::off) return {};
  return {iam::root_principal(authority.default_account, authority.partition), {}, nullptr};
}

struct Signer {
  iam::Caller caller;
  s3::SignedBy signed_by = s3::SignedBy::nobody;
  std::string algorithm = {};
  std::optional<base::SystemTime> signed_at = {};
  std::optional<aws::ChunkSignatures> chunk_signatures = {};
};

S3Outcome<Signer> signer_of(const Exchange& exchange) {
  const base::HttpRequest& http = exchange.http;
  if (exchange.vouched != nullptr) return Signer{*exchange.vouched, s3::SignedBy::header};
  if (is_signed_by_v2(http)) return tl::unexpected(no_v2());
  if (!aws::is_signed(http)) return Signer{unsigned_caller(exchange.authority)};
  // Any region will do for any bucket: there is one endpoint for all of them.
  IMDSD_TRY(auto found, sts::authenticate_s3(http, "", exchange.authority, exchange.now));
  Signer signer;
  signer.caller = std::move(found.caller);
  signer.signed_by = found.authorization.presigned ? s3::SignedBy::query : s3::SignedBy::header;
  signer.algorithm = found.authorization.scope.algorithm();
  signer.signed_at = found.authorization.time;
  signer.chunk_signatures = std::move(found.chunk_signatures);
  return signer;
}

void note_findings(Exchange& exchange, s3::Findings findings) {
  exchange.record.decision = std::move(findings.decision);
  exchange.record.resource = std::move(findings.resource);
  exchange.record.explanation = std::move(findings.explanation);
  exchange.record.permissions = std::move(findings.permissions);
  exchange.record.would_deny = findings.would_deny;
}

S3Outcome<const s3::OperationRow*> operation_of(
    const base::HttpRequest& http, const S3Outcome<s3::Address>& address,
    const S3Outcome<std::optional<base::HttpRequest>>& presigned) {
  if (!address) return tl::unexpected(address.error());
  if (!presigned) return tl::unexpected(presigned.error());
  return s3::find_operation(*presigned ? **presigned : http, *address);
}

/// Which operation it is must be known to the audit even where the signature is refused; its own
/// errors come behind those of the signature.
S3Outcome<base::HttpResponse> serve(Exchange& exchange) {
  const auto address = s3::parse_address(exchange.http, exchange.s3_domains);
  const auto presigned = s3::with_headers_of_query(exchange.http);
  const auto operation = operation_of(exchange.http, address, presigned);
  if (operation) exchange.record.action = (*operation)->name;
  IMDSD_TRY(Signer signer, signer_of(exchange));
  note_caller(exchange, signer.caller);
  if (!operation) return tl::unexpected(operation.error());
  const s3::Realm realm{exchange.authority.directory, exchange.authority.control_policies,
                        exchange.authority.mode, exchange.authority.partition};
  s3::Request request{.http = *presigned ? **presigned : exchange.http,
                      .address = *address,
                      .operation = **operation,
                      .caller = signer.caller,
                      .signed_by = signer.signed_by,
                      .algorithm = std::move(signer.algorithm),
                      .signed_at = signer.signed_at,
                      .chunk_signatures = std::move(signer.chunk_signatures),
                      .realm = realm,
                      .now = exchange.now,
                      .region = exchange.region};
  s3::Service::Answer answer = exchange.s3.handle(request);
  note_findings(exchange, std::move(answer.findings));
  return std::move(answer.response);
}

}  // namespace

bool is_for_s3(const base::HttpRequest& request, std::span<const std::string> domains) {
  if (const auto hint = scope_hint(request)) return hint->service == "s3";
  const bool may_be_query = request.method == "GET" || request.method == "POST";
  if (may_be_query) {
    const auto parameters = aws::query_parameters(request);
    if (parameters && parameters->get("Action")) return false;
  }
  if (request.path() != "/") return true;
  const auto address = s3::parse_address(request, domains);
  return address && address->virtual_hosted;
}

bool is_quick_for_s3(const base::HttpRequest& request, std::span<const std::string> domains,
                     const s3::Service& service) {
  // Elliptic curves take longer.
  const auto authorization = request.headers.get("authorization");
  if (!authorization || !authorization->starts_with("AWS4-HMAC-SHA256 ")) return false;
  if (request.method != "GET" && request.method != "HEAD") return false;
  const auto address = s3::parse_address(request, domains);
  if (!address) return false;
  const auto operation = s3::find_operation(request, *address);
  return operation && service.answers_from_memory(**operation, *address);
}

bool streams_to_s3(const base::HttpRequest& head, std::span<const std::string> domains) {
  if (head.method != "PUT" || !is_for_s3(head, domains)) return false;
  const auto address = s3::parse_address(head, domains);
  const auto operation = operation_of(head, address, s3::with_headers_of_query(head));
  return operation && (*operation)->body == s3::BodyUse::stream;
}

base::HttpResponse s3_error(Exchange& exchange, const S3Error& error) {
  exchange.record.error_code = error.code;
  base::HttpResponse response;
  response.status = error.status;
  response.headers.add("Content-Type", "application/xml");
  if (!error.bucket_region.empty()) {
    response.headers.add("x-amz-bucket-region", error.bucket_region);
  }
  response.body = aws::s3_error_xml(error, exchange.request_id, host_id_of(exchange.request_id));
  add_common_headers(exchange, response.headers);
  return response;
}

base::HttpResponse serve_s3(Exchange& exchange) {
  exchange.record.service = "s3";
  exchange.request_id = make_request_id(exchange.random);
  exchange.record.request_id = exchange.request_id;
  auto answer = serve(exchange);
  if (!answer) return s3_error(exchange, answer.error());
  add_common_headers(exchange, answer->headers);
  return *std::move(answer);
}

}  // namespace imdsd::gateway
