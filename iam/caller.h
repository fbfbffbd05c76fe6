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

/// What a session carries besides its principal; opened from the session token.
struct Session {
  base::SystemTime issued;  // aws:TokenIssueTime
  base::SystemTime expiration;
  std::vector<NamedPolicy> policies;        // session policies; empty: not limited by any
  std::map<std::string, std::string> tags;  // aws:PrincipalTag/*
  std::vector<std::string> transitive_tag_keys;
  std::string source_identity;  // empty: none
  std::optional<base::SystemTime> mfa_time;
  std::optional<RoleDelivery> role_delivery;
  std::string source_instance_arn;  // ec2:SourceInstanceARN; empty: not an instance's session
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
