// SPDX-License-Identifier: MIT
// The last step of every action that hands out a session: its credentials, and the parts of the
// answer that tell of them.
#pragma once

#include <chrono>
#include <optional>

#include "aws/credentials.h"
#include "aws/service_error.h"
#include "base/xml_writer.h"
#include "iam/entities.h"
#include "iam/principal.h"
#include "sts/service.h"
#include "sts/session_token.h"

namespace imdsd::sts {

/// Of role chaining
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html).
inline constexpr std::chrono::seconds kMaxChainedDuration{3600};

/// 400 ValidationError when a session of `role` would be longer than the role allows, or than the
/// hour that a caller has who is a session itself. Only for a caller who may have the session.
[[nodiscard]] std::optional<aws::ServiceError> refuse_duration(const iam::Caller& caller,
                                                               std::chrono::seconds duration,
                                                               const iam::Role& role);

struct StartedSession {
  aws::Credentials credentials;
  std::optional<unsigned> packed_policy_size;  // percent; none without policies and tags
};

/// Seals a session that was decided on; `claims` still have neither key id nor secret. 400
/// PackedPolicyTooLarge when policies and tags, or what a provider says, do not fit into a session
/// token.
[[nodiscard]] aws::Outcome<StartedSession> start_session(SessionClaims claims,
                                                         const ActionRequest& request);

// Elements of the answers.

/// Credentials
void write_credentials(base::XmlWriter& xml, const aws::Credentials& credentials);
/// AssumedRoleUser
void write_assumed_role_user(base::XmlWriter& xml, const iam::Principal& session);
/// PackedPolicySize; nothing of a session without policies and tags.
void write_packed_policy_size(base::XmlWriter& xml, const StartedSession& session);

}  // namespace imdsd::sts
