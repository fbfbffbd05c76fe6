// SPDX-License-Identifier: MIT
#include "sts/start_session.h"

#include <string>
#include <utility>

#include "aws/time_format.h"
#include "base/log.h"
#include "sts/issuer.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::ServiceError;

bool has_policies(const iam::Session& session) {
  return !session.policies.empty() || !session.policy_arns.empty();
}

ServiceError too_large(const iam::Session& session, unsigned percent) {
  const std::string consumes = " consumes " + std::to_string(percent) + "% of allotted space";
  return {400, "PackedPolicyTooLarge",
          has_policies(session) ? "Packed policy" + consumes + ", please use smaller policy."
                                : "Packed size of session tags" + consumes + "."};
}

/// Nothing of it was measured before: what is long is neither policy nor tag.
ServiceError too_large_to_seal() {
  return {400, "PackedPolicyTooLarge",
          "What the identity provider says of the session does not fit into a session token."};
}

ServiceError internal_failure(const base::Error& error) {
  base::log_error("no session could be made", {{"error", error.message}});
  return {500, "InternalFailure", "The request processing has failed because of an unknown error.",
          ServiceError::Fault::receiver};
}

}  // namespace

std::optional<ServiceError> refuse_duration(const iam::Caller& caller,
                                            std::chrono::seconds duration, const iam::Role& role) {
  if (duration > role.max_session_duration) {
    return ServiceError{400, "ValidationError",
                        "The requested DurationSeconds exceeds the MaxSessionDuration set for "
                        "this role."};
  }
  if (caller.session && duration > kMaxChainedDuration) {
    return ServiceError{400, "ValidationError",
                        "The requested DurationSeconds exceeds the 1 hour session limit for roles "
                        "assumed by role chaining."};
  }
  return std::nullopt;
}

Outcome<StartedSession> start_session(SessionClaims claims, const ActionRequest& request) {
  if (auto keys = add_keys(claims, request.random); !keys) {
    return tl::unexpected(internal_failure(keys.error()));
  }
  StartedSession started;
  const iam::Session& session = claims.session;
  if (has_policies(session) || !session.tags.empty()) {
    started.packed_policy_size = packed_policy_size(claims);
    if (*started.packed_policy_size > 100) {
      return tl::unexpected(too_large(session, *started.packed_policy_size));
    }
  }
  auto credentials = seal(std::move(claims), *request.authority.key_ring, request.random);
  if (!credentials) {
    const base::Error& error = credentials.error();
    return tl::unexpected(error.code == base::Errc::too_large ? too_large_to_seal()
                                                              : internal_failure(error));
  }
  started.credentials = *std::move(credentials);
  return started;
}

void write_credentials(base::XmlWriter& xml, const aws::Credentials& credentials) {
  xml.open("Credentials")
      .leaf("AccessKeyId", credentials.access_key_id)
      .leaf("SecretAccessKey", credentials.secret_access_key.reveal())
      .leaf("SessionToken", credentials.session_token.reveal())
      .leaf("Expiration", aws::format_iso8601(credentials.expiration))
      .close();
}

void write_assumed_role_user(base::XmlWriter& xml, const iam::Principal& session) {
  xml.open("AssumedRoleUser")
      .leaf("AssumedRoleId", session.user_id)
      .leaf("Arn", session.arn)
      .close();
}

void write_packed_policy_size(base::XmlWriter& xml, const StartedSession& session) {
  if (!session.packed_policy_size) return;
  xml.leaf("PackedPolicySize", std::to_string(*session.packed_policy_size));
}

}  // namespace imdsd::sts
