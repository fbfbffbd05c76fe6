// SPDX-License-Identifier: MIT
// The parameters of IAM actions: what the API model says of each, once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/query_protocol.h"
#include "aws/service_error.h"
#include "iam/entities.h"

namespace imdsd::iam::api {

/// What a parameter's text must be.
enum class Shape {
  text,                // bounded by its lengths alone
  name,                // [\w+=,.@-]+
  path,                // "/" or "/…/"
  path_prefix,         // "/…"
  policy_path,         // of letters, digits and +=,.@_-
  policy_path_prefix,  // the same
  arn,                 // arnType
  document,            // a policy: U+0009, U+000A, U+000D, U+0020 to U+00FF
  boolean,             // true or false
  integer,             // min and max are its value's
  marker,              // opaque
  one_of,              // an enumeration
  code,                // six digits
  key_id,              // of an access key: [\w]+
  serial,              // of an MFA device: [\w+=/:,.@-]+
  alias,               // of an account
  password,            // U+0009, U+000A, U+000D, U+0020 to U+00FF
  version_id,          // v1, v2 … of a managed policy
  saml_name,           // [\w._-]+
  description,         // of a role: as a policy, without controls and U+00A0
  tags,                // Tags.member.N.Key and .Value
  tag_keys,            // TagKeys.member.N
  strings,             // NAME.member.N
  entries,             // a list of structures that the action reads itself
};

struct Parameter {
  std::string_view name;  // "UserName"
  Shape shape = Shape::text;
  std::size_t min = 0, max = 0;  // characters; of lists members; of integers the value
  std::span<const std::string_view> values = {};  // of one_of
  std::size_t item_min = 0, item_max = 0;         // characters of each list member; 0: unbounded
};

/// A parameter of one action.
struct Use {
  const Parameter* parameter;
  bool required = false;
};

/// Everything that is wrong with `parameters`, in the service's words; nothing if all is well.
/// Parameters that the action does not have are ignored, as AWS does it.
[[nodiscard]] std::optional<aws::ServiceError> check_parameters(
    std::span<const Use> uses, const aws::QueryParameters& parameters);

// Reading what check_parameters() has let pass.

[[nodiscard]] bool read_boolean(const aws::QueryParameters& parameters, std::string_view name,
                                bool fallback);
[[nodiscard]] std::int32_t read_integer(const aws::QueryParameters& parameters,
                                        std::string_view name, std::int32_t fallback);
[[nodiscard]] std::vector<std::string> read_strings(const aws::QueryParameters& parameters,
                                                    std::string_view name);
/// Tags.member.N
[[nodiscard]] std::vector<Tag> read_tags(const aws::QueryParameters& parameters);

// Parameters that many actions have.
extern const Parameter kUserName, kCreatedUserName, kNewUserName, kGroupName, kNewGroupName,
    kRoleName, kInstanceProfileName, kPolicyName, kPolicyArn, kPath, kNewPath, kPolicyPath,
    kPathPrefix, kPolicyPathPrefix, kPolicyDocument, kAssumeRolePolicyDocument, kDescription,
    kRoleDescription, kPermissionsBoundary, kTags, kTagKeys, kMarker, kMaxItems, kAccessKeyId,
    kSerialNumber;

}  // namespace imdsd::iam::api
