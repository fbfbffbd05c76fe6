// SPDX-License-Identifier: MIT
// What a configuration file declares, already parsed, and how it comes into the directory.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "iam/entities.h"
#include "iam/transaction.h"

namespace imdsd::iam {

/// Of a user, the API's among them
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
inline constexpr std::size_t kMaxAccessKeys = 2;

/// Fields that the file does not have stay as they are.
struct Declarations {
  struct Named {
    std::string account, name;
    std::optional<std::string> path;
    std::optional<std::vector<Tag>> tags;
  };
  /// Policies of these names are the file's, and attachments of these ARNs; others may be added by
  /// the API.
  struct Granted : Named {
    std::vector<NamedPolicy> policies;
    std::vector<std::string> attached;
  };
  struct DeclaredKey {
    std::string id;
    base::Secret secret;
    bool active = true;  // a new one; of one that is there the API has the say
  };
  struct DeclaredUser : Granted {
    std::optional<std::string> boundary;
    std::vector<DeclaredKey> access_keys;
    std::vector<std::string> groups;
  };
  struct DeclaredGroup : Granted {};
  struct DeclaredRole : Granted {
    PolicyDocument trust_policy;
    std::optional<std::string> boundary, description;
    std::optional<std::chrono::seconds> max_session_duration;
  };
  struct DeclaredPolicy : Named {
    std::shared_ptr<const PolicyDocument> document;
    std::optional<std::string> description;
  };
  struct DeclaredInstanceProfile : Named {
    std::optional<std::string> role;
  };
  struct DeclaredOidcProvider : Named {  // its name is what oidc_provider_name() gives
    std::optional<std::vector<std::string>> client_ids, thumbprints;
  };
  std::string partition = "aws";  // of the ARNs that providers have as their ids
  std::vector<DeclaredUser> users;
  std::vector<DeclaredGroup> groups;
  std::vector<DeclaredRole> roles;
  std::vector<DeclaredPolicy> policies;
  std::vector<DeclaredInstanceProfile> instance_profiles;
  std::vector<DeclaredOidcProvider> oidc_providers;
};

/// "role/123456789012/app-role" (lower case): AROA…. Ids that entities had before there was a
/// store.
using KnownIds = std::map<std::string, std::string>;

struct EnsureReport {
  /// Entities of the file's that it no longer declares, and what the API had given them.
  struct Removed {
    std::string arn;
    std::vector<std::string> lost;  // "policy `x`", "access key AKIA…"
  };
  std::vector<Removed> removed;
  /// Entities of the API's that the file had declared, too, and no longer does: they stay, what the
  /// file had given them does not.
  struct TakenBack {
    std::string arn;
    std::vector<std::string> items;  // "attached arn:…"
  };
  std::vector<TakenBack> taken_back;
  /// Managed policies whose default version was another one than the file's, or that had no room
  /// for it.
  struct Versions {
    std::string arn;
    std::string default_version;  // "v1": has the file's text
    std::string overruled;        // the API's that was the default; empty: none
    std::string dropped;          // the API's that made room; empty: none
  };
  std::vector<Versions> versions;
};

/// Makes the directory agree with the file. What the API made stays; what the file declared and no
/// longer does goes. A role without an instance profile of its name gets one, as the
/// EC2 console does it. Errors name the entity ("role `app`: …"); all that is wrong is told, and
/// the transaction is of no use then.
[[nodiscard]] tl::expected<EnsureReport, std::vector<base::Error>> ensure(
    const Declarations& declarations, const KnownIds& known_ids, Transaction& transaction);

}  // namespace imdsd::iam
