// SPDX-License-Identifier: MIT
#include "sts/authenticate.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "aws/ids.h"
#include "aws/sigv4_authorization.h"
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

Outcome<void> verify(const Attempt& attempt, const base::Secret& secret) {
  return aws::verify_signature(attempt.http, attempt.authorization, secret, attempt.path_rule);
}

Outcome<iam::Caller> refuse_unknown(const Attempt& attempt) {
  // As much work as for a wrong signature, so that time does not tell which key ids exist.
  static const base::Secret no_secret("0000000000000000000000000000000000000000");
  [[maybe_unused]] const auto ignored = verify(attempt, no_secret);
  return invalid_client_token();
}

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

Outcome<iam::Caller> authenticate_user(const Attempt& attempt,
                                       const iam::Directory::KeyOwner& owner) {
  if (!owner.key->active) return refuse_unknown(attempt);
  if (auto valid = verify(attempt, owner.key->secret); !valid) {
    return tl::unexpected(std::move(valid).error());
  }
  // A long-term key has no token; STS was seen to notice one only behind the signature.
  if (!attempt.authorization.session_token.empty()) return invalid_client_token();
  return iam::Caller{iam::user_principal(*owner.user, attempt.authority.partition), owner.key->id,
                     nullptr};
}

Outcome<iam::Caller> authenticate_session(const Attempt& attempt) {
  auto claims = open_session(attempt);
  if (!claims) return refuse_unknown(attempt);
  if (attempt.now >= claims->session.expiration) {
    return service_error(403, "ExpiredToken",
                         "The security token included in the request is expired");
  }
  const base::Secret secret = std::move(claims->secret_access_key);
  auto caller = session_caller(*std::move(claims), attempt.authority);
  if (!caller) return refuse_unknown(attempt);
  if (auto valid = verify(attempt, secret); !valid) return tl::unexpected(std::move(valid).error());
  return *std::move(caller);
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
  if (const auto owner = authority.directory->find_access_key(authorization->access_key_id)) {
    return authenticate_user(attempt, *owner);
  }
  return authenticate_session(attempt);
}

}  // namespace imdsd::sts
