// SPDX-License-Identifier: MIT
// Accounts and what is in them. A Directory is immutable and published whole; DirectoryBuilder
// makes the next one from declarations and the previous one.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "aws/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "iam/policy_document.h"

namespace imdsd::iam {

/// Where an entity came from: a reload removes what the file no longer declares, and only that.
enum class Origin { config, api };

/// What users, roles and instance profiles share.
struct Entity {
  std::string account;
  std::string path = "/";
  std::string name;
  std::string unique_id;
  Origin origin = Origin::config;
};

struct AccessKey {
  std::string id;
  base::Secret secret;
  bool active = true;
};

struct User : Entity {
  std::vector<NamedPolicy> policies;
  std::vector<AccessKey> access_keys;
  [[nodiscard]] std::string arn(std::string_view partition = "aws") const;
};

struct Role : Entity {
  NamedPolicy trust_policy;
  std::vector<NamedPolicy> policies;
  std::chrono::seconds max_session_duration{3600};
  [[nodiscard]] std::string arn(std::string_view partition = "aws") const;
};

struct InstanceProfile : Entity {
  std::string role;  // name, in the same account; empty: none
  [[nodiscard]] std::string arn(std::string_view partition = "aws") const;
};

/// Names are found without case, as AWS keeps them unique without case. Thread-safe: immutable.
class Directory {
 public:
  struct KeyOwner {
    std::shared_ptr<const User> user;
    const AccessKey* key = nullptr;  // lives as long as `user`
  };
  /// What it is made of. Entities are under "account/lower-case name", or their unique id.
  struct Tables {
    std::unordered_map<std::string, std::shared_ptr<const User>> users;
    std::unordered_map<std::string, std::shared_ptr<const Role>> roles;
    std::unordered_map<std::string, std::shared_ptr<const InstanceProfile>> instance_profiles;
    std::unordered_map<std::string, std::shared_ptr<const Role>> roles_by_id;
    std::unordered_map<std::string, std::shared_ptr<const User>> users_by_id;
    std::unordered_map<std::string, KeyOwner> access_keys;
  };
  Directory() = default;
  explicit Directory(Tables tables) : tables_(std::move(tables)) {}

  [[nodiscard]] std::shared_ptr<const User> find_user(std::string_view account,
                                                      std::string_view name) const;
  [[nodiscard]] std::shared_ptr<const Role> find_role(std::string_view account,
                                                      std::string_view name) const;
  /// By AROA…: what sessions are bound to.
  [[nodiscard]] std::shared_ptr<const Role> find_role_by_id(std::string_view unique_id) const;
  [[nodiscard]] std::shared_ptr<const User> find_user_by_id(std::string_view unique_id) const;
  [[nodiscard]] std::shared_ptr<const InstanceProfile> find_instance_profile(
      std::string_view account, std::string_view name) const;
  [[nodiscard]] std::optional<KeyOwner> find_access_key(std::string_view id) const;
  [[nodiscard]] std::vector<std::shared_ptr<const Role>> roles() const;
  [[nodiscard]] std::vector<std::shared_ptr<const User>> users() const;

 private:
  Tables tables_;
};

/// The unique ids of declared entities, kept over restarts: sessions and trust policies bind to
/// them. An id lives as long as its entity is declared; declared again later, it is another entity,
/// as in AWS.
class UniqueIds {
 public:
  /// Errc::corrupt for text that to_json() did not write.
  [[nodiscard]] static base::Result<UniqueIds> from_json(std::string_view text);
  [[nodiscard]] std::string to_json() const;
  /// The id of this entity (key "role/123456789012/app-role", lower case), made if there is none.
  [[nodiscard]] std::string get_or_make(aws::IdPrefix prefix, const aws::AccountId& account,
                                        const std::string& key, base::Random& random);
  /// Forgets every id whose key was not asked for since construction; returns the forgotten keys.
  std::vector<std::string> drop_unused();

 private:
  struct Entry {
    std::string id;
    bool used = false;
  };
  std::map<std::string, Entry> entries_;
};

/// What a configuration file declares, already parsed. Names within one account are unique without
/// case.
struct Declarations {
  struct DeclaredUser {
    std::string account, path = "/", name;
    std::vector<NamedPolicy> policies;
    std::vector<AccessKey> access_keys;
  };
  struct DeclaredRole {
    std::string account, path = "/", name;
    PolicyDocument trust_policy;
    std::vector<NamedPolicy> policies;
    std::chrono::seconds max_session_duration{3600};
  };
  struct DeclaredInstanceProfile {
    std::string account, path = "/", name, role;
  };
  std::vector<DeclaredUser> users;
  std::vector<DeclaredRole> roles;
  std::vector<DeclaredInstanceProfile> instance_profiles;
};

class DirectoryBuilder {
 public:
  /// Errors name the entity: duplicate names, a trust policy whose principal does not exist
  /// ("invalid principal in policy"), a profile whose role does not exist. A role without an
  /// instance profile of its name gets one.
  [[nodiscard]] static tl::expected<std::shared_ptr<const Directory>, std::vector<base::Error>>
  build(Declarations declarations, UniqueIds& ids, base::Random& random);
};

}  // namespace imdsd::iam
