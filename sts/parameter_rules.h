// SPDX-License-Identifier: MIT
// Parameters of the STS API model
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
#pragma once

#include <chrono>

#include "aws/parameter_check.h"
#include "aws/query_protocol.h"

namespace imdsd::sts {

extern const aws::TextRule kRoleArnRule;
extern const aws::TextRule kRoleSessionNameRule;
extern const aws::TextRule kExternalIdRule;
extern const aws::TextRule kSourceIdentityRule;
extern const aws::TextRule kSerialNumberRule;
extern const aws::TextRule kTokenCodeRule;
extern const aws::TextRule kFederatedNameRule;
extern const aws::TextRule kTargetPrincipalRule;
extern const aws::TextRule kTaskPolicyArnRule;
extern const aws::TextRule kEncodedMessageRule;
extern const aws::TextRule kAccessKeyIdRule;
extern const aws::TextRule kTradeInTokenRule;
extern const aws::TextRule kContextAssertionRule;
extern const aws::TextRule kPrincipalArnRule;
extern const aws::TextRule kSamlAssertionRule;
extern const aws::TextRule kSessionPolicyRule;
extern const aws::TextRule kTagKeyRule;
extern const aws::TextRule kTagValueRule;
extern const aws::TextRule kWebIdentityTokenRule;
extern const aws::TextRule kProviderIdRule;

/// What DurationSeconds may be.
struct DurationRule {
  std::chrono::seconds fallback, min, max;
};
inline constexpr DurationRule kRoleDuration{.fallback = std::chrono::hours(1),
                                            .min = std::chrono::minutes(15),
                                            .max = std::chrono::hours(12)};
/// Of GetSessionToken and GetFederationToken.
inline constexpr DurationRule kUserDuration{.fallback = std::chrono::hours(12),
                                            .min = std::chrono::minutes(15),
                                            .max = std::chrono::hours(36)};

/// Of AssumeRoot.
inline constexpr DurationRule kRootDuration{.fallback = std::chrono::minutes(15),
                                            .min = std::chrono::seconds(0),
                                            .max = std::chrono::minutes(15)};

/// DurationSeconds; bounds go into `check`. Text that is no number is an error by itself, which STS
/// tells behind those of `check` and the form of ARNs.
[[nodiscard]] aws::Outcome<std::chrono::seconds> read_duration(
    const aws::QueryParameters& parameters, const DurationRule& rule, aws::ParameterCheck& check);

}  // namespace imdsd::sts
