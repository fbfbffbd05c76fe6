// SPDX-License-Identifier: MIT
// What is in an account: users, groups, roles, managed policies, instance profiles, MFA devices and
// identity providers. Immutable once they are in a Directory.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "iam/policy_document.h"

namespace imdsd::saml {
struct Metadata;
}

namespace imdsd::iam {

/// Where something came from: a reload removes what the file no longer declares, and only that.
enum class Origin { config, api };

struct Tag {
  std::string key, value;
  Origin origin = Origin::api;  // of an entity's
};

/// What all of them share.
struct Entity {
  std::string account;
  std::string path = "/";
  std::string name;
  std::string unique_id;  // AIDA…, AGPA…, AROA…, ANPA…, AIPA…; of others their ARN
  Origin origin = Origin::api;
  base::SystemTime created;
  std::vector<Tag> tags;  // in the order they were set
};

struct InlinePolicy : NamedPolicy {
  Origin origin = Origin::api;
};

struct Attachment {
  std::string policy_arn;
  Origin origin = Origin::api;
};

/// What users, groups and roles are given.
struct Grants {
  std::vector<InlinePolicy> inline_policies;  // by name
  std::vector<Attachment> attached;           // in the order they were attached
};

/// An access key of a user. Keys are found by id; see Directory.
struct AccessKey {
  std::string id;
  base::Secret secret;
  bool active = true;
  base::SystemTime created;
  Origin origin = Origin::api;
};

struct LoginProfile {
  std::string password_hash;  // argon2id, in its own text form
  bool password_reset_required = false;
  base::SystemTime created;
  base::SystemTime changed;                  // when the password was set
  std::vector<std::string> previous_hashes;  // newest first, as many as must not be used again
};

struct Membership {
  std::string group_id;  // AGPA…
  Origin origin = Origin::api;
};

struct User : Entity {
  static constexpr std::string_view kType = "user";  // in ARNs
  Grants grants;
  std::string boundary;  // ARN of a managed policy; empty: none
  std::vector<AccessKey> access_keys;
  std::vector<Membership> groups;
  std::optional<LoginProfile> login_profile;
};

struct Group : Entity {
  static constexpr std::string_view kType = "group";
  Grants grants;
};

/// The name of a role's trust policy in reasons, as the IAM API calls it.
inline constexpr const char* kTrustPolicyName = "AssumeRolePolicyDocument";

struct Role : Entity {
  static constexpr std::string_view kType = "role";
  NamedPolicy trust_policy;  // its principals are bound to unique ids
  Grants grants;
  std::string boundary;  // ARN of a managed policy; empty: none
  std::string description;
  std::chrono::seconds max_session_duration{3600};
  std::string linked_service;  // "autoscaling.amazonaws.com" for its service-linked role
};

struct ManagedPolicyVersion {
  std::string id;  // "v1"
  std::shared_ptr<const PolicyDocument> document;
  base::SystemTime created;
  Origin origin = Origin::api;
};

/// A customer managed policy. Those of AWS are in iam/managed_policies.h.
struct ManagedPolicy : Entity {
  static constexpr std::string_view kType = "policy";
  std::string description;
  std::vector<ManagedPolicyVersion> versions;  // oldest first; at least one
  std::string default_version;
  unsigned last_version = 1;  // numbers are never given twice
  base::SystemTime updated;
  [[nodiscard]] const ManagedPolicyVersion* find_version(std::string_view id) const;
  [[nodiscard]] const ManagedPolicyVersion& default_document() const;
};

struct InstanceProfile : Entity {
  static constexpr std::string_view kType = "instance-profile";
  std::string role;  // name, in the same account; empty: none
};

/// A virtual MFA device (RFC 6238: SHA-1, 30 s, 6 digits).
struct MfaDevice : Entity {
  static constexpr std::string_view kType = "mfa";
  base::Secret seed;    // raw bytes
  std::string user_id;  // AIDA… it is enabled for; empty: unassigned
  std::optional<base::SystemTime> enabled;
  long last_step = 0;    // time step of the last code that was taken: a code works once
  long clock_ahead = 0;  // steps that the device's clock was ahead of ours when they were compared
};

struct OidcProvider : Entity {  // its name is the URL without https://
  static constexpr std::string_view kType = "oidc-provider";
  std::vector<std::string> client_ids;
  std::vector<std::string> thumbprints;
};

struct SamlProvider : Entity {
  static constexpr std::string_view kType = "saml-provider";
  std::string metadata;                                   // the XML document as it was given
  std::shared_ptr<const saml::Metadata> parsed_metadata;  // null: it cannot be read any more
  std::string uuid;
  base::SystemTime valid_until;
};

/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
struct PasswordPolicy {
  unsigned minimum_length = 6;
  bool require_symbols = false, require_numbers = false;
  bool require_uppercase = false, require_lowercase = false;
  bool users_may_change = false;
  unsigned max_age_days = 0;      // 0: passwords do not expire
  unsigned reuse_prevention = 0;  // 0: none
  std::optional<bool> hard_expiry;
};

/// What belongs to the account itself; its name and id are the account's twelve digits.
struct Account : Entity {
  static constexpr std::string_view kType = "account";
  std::string alias;
  std::optional<PasswordPolicy> password_policy;
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound.html
  bool outbound_federation = false;
  std::string issuer_id;  // made when that is first enabled, and kept
};

/// arn:aws:iam::ACCOUNT:TYPE/PATH/NAME. MFA devices and identity providers as well.
template <class T>
[[nodiscard]] std::string arn_of(const T& entity, std::string_view partition = "aws");
/// The same from its parts.
[[nodiscard]] std::string make_arn(std::string_view partition, std::string_view account,
                                   std::string_view type, std::string_view path,
                                   std::string_view name);

template <class T>
std::string arn_of(const T& entity, std::string_view partition) {
  return make_arn(partition, entity.account, T::kType, entity.path, entity.name);
}

/// Deep copies for a change: entities with secrets cannot be copied by accident.
template <class T>
[[nodiscard]] T clone(const T& entity) {
  return entity;
}
[[nodiscard]] User clone(const User& user);
[[nodiscard]] MfaDevice clone(const MfaDevice& device);

}  // namespace imdsd::iam
