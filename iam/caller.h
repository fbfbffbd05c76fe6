// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "iam/policy_document.h"
#include "iam/principal.h"

namespace imdsd::iam {

/// ec2:RoleDelivery: which protocol of the metadata service handed the credentials out.
enum class RoleDelivery { imdsv1, imdsv2 };

/// The name of an inline session policy in reasons, as STS calls the parameter.
inline constexpr const char* kSessionPolicyName = "Policy";

/// What a session carries besides its principal; opened from the session token.
struct Session {
  base::SystemTime issued;  // aws:TokenIssueTime
  base::SystemTime expiration;
  // Session policies, inline and managed; what both lists name is one layer. Both empty: the
  // session is not limited by any.
  std::vector<NamedPolicy> policies;
  std::vector<std::string> policy_arns;     // read when a decision is made, as attached ones are
  std::map<std::string, std::string> tags;  // aws:PrincipalTag/*
  std::vector<std::string> transitive_tag_keys;
  std::string source_identity;  // empty: none
  std::optional<base::SystemTime> mfa_time;
  std::optional<RoleDelivery> role_delivery;
  std::string source_instance_arn;  // ec2:SourceInstanceARN; empty: not an instance's session
  /// Further condition keys that whoever vouched for the session gave it, such as saml:sub of an
  /// identity provider and aws:Ec2InstanceSourceVpc of EC2.
  std::map<std::string, std::vector<std::string>> provider_keys;
  bool assumed_root = false;  // aws:AssumedRoot: of sts:AssumeRoot
  /// Issued to a role session, or to an instance? An instance assuming its own role is not
  /// chaining.
  bool from_service = false;
};

/// An authenticated caller: the principal, the key it used, and its session if the key was
/// temporary.
struct Caller {
  Principal principal;
  std::string access_key_id;
  std::shared_ptr<const Session> session;  // none for long-term keys
};

/// How strictly requests are decided (docs/configuration.md, `auth.mode`).
enum class AuthMode {
  enforce,  // authenticate and authorize
  audit,    // authenticate; decide and log, but let pass what would have been denied
  off,      // sessions we minted keep their identity, any other key is root of an account
};

}  // namespace imdsd::iam
