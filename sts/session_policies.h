// SPDX-License-Identifier: MIT
// Session policies (Policy and PolicyArns), which limit what a session may do: together they are
// one layer of the decision
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/parameter_check.h"
#include "aws/query_protocol.h"
#include "aws/service_error.h"
#include "iam/caller.h"
#include "iam/directory.h"

namespace imdsd::sts {

/// Of all plain text together, the inline policy and the ARNs, in characters.
inline constexpr std::size_t kMaxSessionPolicyText = 2048;
inline constexpr std::size_t kMaxSessionPolicyArns = 10;

/// As AssumeRole, its federated siblings and GetFederationToken take them.
struct SessionPolicies {
  std::optional<iam::NamedPolicy> policy;
  std::vector<std::string> arns;

  /// What the API model says of the two parameters.
  static void check(const aws::QueryParameters& parameters, aws::ParameterCheck& check);
  /// Of parameters that passed check(). 400 MalformedPolicyDocument, or PackedPolicyTooLarge past
  /// kMaxSessionPolicyText.
  [[nodiscard]] static aws::Outcome<SessionPolicies> parse(const aws::QueryParameters& parameters);

  /// 400 for an ARN that is no managed policy of `account` nor one of AWS's own. Only for a caller
  /// who may have the session: it tells which policies exist.
  [[nodiscard]] std::optional<aws::ServiceError> refuse_unknown(const iam::Directory& directory,
                                                                std::string_view account) const;

  /// Moves them into the session.
  void limit(iam::Session& session) &&;
};

}  // namespace imdsd::sts
