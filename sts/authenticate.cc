// SPDX-License-Identifier: MIT
#include "sts/authenticate.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "aws/ids.h"
#include "aws/s3_authorization.h"
#include "aws/sigv4_authorization.h"
#include "iam/instance_identity.h"
#include "iam/make_principal.h"
#include "sts/session_token.h"

namespace imdsd::sts {
namespace {

using aws::Authorization;
using aws::Outcome;
using aws::service_error;

tl::unexpected<aws::ServiceError> invalid_client_token() {
  return service_error(403, "InvalidClientTokenId",
                       "The security token included in the request is invalid.");
}

/// The request as every step below needs it.
struct Attempt {
  const base::HttpRequest& http;
  const Authorization& authorization;
  aws::PathRule path_rule;
  const Authority& authority;
  base::SystemTime now;
};

/// Why a key, or its token, is nobody's; each service has its own words for it.
enum class KeyFault { unknown, expired, issuer_gone };

/// Who signs with the key that the request names, and what the signature must be made with.
struct KeyHolder {
  iam::Caller caller;
  base::Secret secret_access_key;
};

/// The session that the token seals, if the token is ours and belongs to the key.
std::optional<SessionClaims> open_session(const Attempt& attempt) {
  const auto& token = attempt.authorization.session_token;
  if (token.empty()) return std::nullopt;
  auto claims = open_session_token(token.reveal(), *attempt.authority.key_ring);
  if (!claims || claims->access_key_id != attempt.authorization.access_key_id) return std::nullopt;
  return *std::move(claims);
}

/// Nothing when the role or user was deleted, or deleted and created again, since the session
/// began. Root has no key but where anybody is root, and such sessions are worth nothing elsewhere.
std::optional<iam::Principal> session_principal(const SessionClaims& claims,
                                                const Authority& authority) {
  const iam::Directory& directory = *authority.directory;
  const std::string& partition = authority.partition;
  const bool root_counts = authority.mode == iam::AuthMode::off || claims.session.assumed_root;
  const bool is_of_root = root_counts && claims.entity_id == claims.account;
  switch (claims.principal_type) {
    case iam::PrincipalType::assumed_role:
      if (const auto role = directory.find_by_id<iam::Role>(claims.entity_id)) {
        return iam::role_session_principal(*role, claims.session_name, partition);
      }
      if (claims.entity_id == iam::instance_identity_role_id(claims.account)) {
        return iam::instance_identity_principal(claims.account, claims.session_name, partition);
      }
      return std::nullopt;
    case iam::PrincipalType::user:
      if (const auto user = directory.find_by_id<iam::User>(claims.entity_id)) {
        return iam::user_principal(*user, partition);
      }
      return std::nullopt;
    case iam::PrincipalType::federated_user:
      if (!is_of_root && !directory.find_by_id<iam::User>(claims.entity_id)) return std::nullopt;
      return iam::federated_user_principal(claims.account, claims.entity_id, claims.session_name,
                                           partition);
    case iam::PrincipalType::account_root:
      if (!is_of_root) return std::nullopt;
      return iam::root_principal(claims.account, partition);
    default:
      return std::nullopt;
  }
}

std::optional<iam::Caller> session_caller(SessionClaims&& claims, const Authority& authority) {
  auto principal = session_principal(claims, authority);
  if (!principal) return std::nullopt;
  return iam::Caller{*std::move(principal), std::move(claims.access_key_id),
                     std::make_shared<const iam::Session>(std::move(claims.session))};
}

tl::expected<KeyHolder, KeyFault> find_holder(const Attempt& attempt) {
  const auto& directory = *attempt.authority.directory;
  if (const auto owner = directory.find_access_key(attempt.authorization.access_key_id)) {
    if (!owner->key->active) return tl::unexpected(KeyFault::unknown);
    return KeyHolder{
        {iam::user_principal(*owner->user, attempt.authority.partition), owner->key->id, nullptr},
        owner->key->secret.clone()};
  }
  auto claims = open_session(attempt);
  if (!claims) return tl::unexpected(KeyFault::unknown);
  if (attempt.now >= claims->session.expiration) return tl::unexpected(KeyFault::expired);
  base::Secret secret = std::move(claims->secret_access_key);
  auto caller = session_caller(*std::move(claims), attempt.authority);
  if (!caller) return tl::unexpected(KeyFault::issuer_gone);
  return KeyHolder{*std::move(caller), std::move(secret)};
}

/// A long-term key has no token.
bool has_token_too_many(const KeyHolder& holder, const Attempt& attempt) {
  return !holder.caller.session && !attempt.authorization.session_token.empty();
}

/// As much work as for a wrong signature, so that time does not tell which key ids exist.
void spend_time_of_verifying(const Attempt& attempt) {
  static const base::Secret no_secret("0000000000000000000000000000000000000000");
  [[maybe_unused]] const auto ignored =
      aws::verify_signature(attempt.http, attempt.authorization, no_secret, attempt.path_rule);
}

Outcome<iam::Caller> enforce(const Attempt& attempt) {
  auto holder = find_holder(attempt);
  if (!holder && holder.error() == KeyFault::expired) {
    return service_error(403, "ExpiredToken",
                         "The security token included in the request is expired");
  }
  if (!holder) {
    spend_time_of_verifying(attempt);
    return invalid_client_token();
  }
  IMDSD_TRY_VOID(aws::verify_signature(attempt.http, attempt.authorization,
                                       holder->secret_access_key, attempt.path_rule));
  // STS was seen to notice a token of a long-term key only behind the signature.
  if (has_token_too_many(*holder, attempt)) return invalid_client_token();
  return std::move(holder)->caller;
}

/// S3 looks at the token's form before it looks the key up.
bool is_malformed_token(const Attempt& attempt) {
  const auto& token = attempt.authorization.session_token;
  return !token.empty() && !open_session_token(token.reveal(), *attempt.authority.key_ring);
}

/// PRECONDITION: the mode is not "off".
aws::S3Outcome<KeyHolder> enforce_s3(const Attempt& attempt) {
  const auto& authorization = attempt.authorization;
  if (is_malformed_token(attempt)) return tl::unexpected(aws::s3_malformed_token(authorization));
  auto holder = find_holder(attempt);
  if (!holder && holder.error() == KeyFault::expired) {
    return tl::unexpected(aws::s3_expired_token(authorization));
  }
  if (!holder || has_token_too_many(*holder, attempt)) {
    spend_time_of_verifying(attempt);
    return tl::unexpected(aws::s3_unknown_key(authorization));
  }
  IMDSD_TRY_VOID(aws::verify_s3_signature(attempt.http, authorization, holder->secret_access_key));
  return *std::move(holder);
}

/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
bool has_signed_chunks(const base::HttpRequest& request) {
  const auto hash = request.headers.get("x-amz-content-sha256");
  return hash && hash->starts_with("STREAMING-AWS4-HMAC-SHA256-");
}

/// auth.mode = "off": no signature is checked. Sessions we made keep their identity, whoever else
/// calls is root of the account that the key id holds or, as suites for other emulators write it,
/// is.
iam::Caller assume_identity(const Attempt& attempt) {
  if (auto claims = open_session(attempt)) {
    if (auto caller = session_caller(*std::move(claims), attempt.authority)) {
      return *std::move(caller);
    }
  }
  const std::string& id = attempt.authorization.access_key_id;
  std::string account = attempt.authority.default_account;
  if (const auto inside = aws::account_in_id(id)) {
    account = inside->text();
  } else if (const auto literal = aws::AccountId::parse(id)) {
    account = literal->text();
  }
  return {iam::root_principal(account, attempt.authority.partition), id, nullptr};
}

}  // namespace

Outcome<iam::Caller> authenticate(const base::HttpRequest& request, std::string_view service,
                                  aws::PathRule path_rule, const Authority& authority,
                                  base::SystemTime now) {
  auto authorization = aws::parse_authorization(request, now);
  if (!authorization) return tl::unexpected(std::move(authorization).error());
  const Attempt attempt{request, *authorization, path_rule, authority, now};
  if (authority.mode == iam::AuthMode::off) return assume_identity(attempt);
  if (auto scoped = aws::check_scope(*authorization, service, ""); !scoped) {
    return tl::unexpected(std::move(scoped).error());
  }
  return enforce(attempt);
}

aws::S3Outcome<S3Authentication> authenticate_s3(const base::HttpRequest& request,
                                                 std::string_view region,
                                                 const Authority& authority, base::SystemTime now) {
  IMDSD_TRY(auto authorization, aws::parse_s3_authorization(request, region, now));
  const Attempt attempt{request, authorization, aws::PathRule::verbatim, authority, now};
  if (authority.mode == iam::AuthMode::off) {
    iam::Caller caller = assume_identity(attempt);
    return S3Authentication{std::move(caller), std::move(authorization)};
  }
  IMDSD_TRY(KeyHolder holder, enforce_s3(attempt));
  std::optional<aws::ChunkSignatures> chunk_signatures;
  if (has_signed_chunks(request)) {
    chunk_signatures.emplace(authorization, holder.secret_access_key);
  }
  return S3Authentication{std::move(holder.caller), std::move(authorization),
                          std::move(chunk_signatures)};
}

}  // namespace imdsd::sts
