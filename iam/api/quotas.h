// SPDX-License-Identifier: MIT
// How many of what an account may have, and how long policies may be
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
#pragma once

#include <cstddef>

namespace imdsd::iam::api {

// Of an account.
inline constexpr std::size_t kMaxUsers = 5000;
inline constexpr std::size_t kMaxGroups = 300;
inline constexpr std::size_t kMaxRoles = 1000;
inline constexpr std::size_t kMaxInstanceProfiles = 1000;
inline constexpr std::size_t kMaxPolicies = 1500;
inline constexpr std::size_t kMaxPolicyVersionsInUse = 10'000;
inline constexpr std::size_t kMaxServerCertificates = 20;

// Of one entity.
inline constexpr std::size_t kMaxAccessKeysPerUser = 2;
inline constexpr std::size_t kMaxGroupsPerUser = 10;
inline constexpr std::size_t kMaxMfaDevicesPerUser = 8;
inline constexpr std::size_t kMaxSigningCertificatesPerUser = 2;
inline constexpr std::size_t kMaxAttachedPolicies = 10;
inline constexpr std::size_t kMaxVersionsPerPolicy = 5;

// Characters, white space apart.
inline constexpr std::size_t kMaxUserPolicySize = 2048;
inline constexpr std::size_t kMaxGroupPolicySize = 5120;
inline constexpr std::size_t kMaxRolePolicySize = 10'240;
inline constexpr std::size_t kMaxTrustPolicySize = 2048;
inline constexpr std::size_t kMaxManagedPolicySize = 6144;

}  // namespace imdsd::iam::api
