// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/http_date.h"
#include "base/prefetch.h"
#include "base/slab_memory.h"
#include "imds/metadata_tree.h"

namespace imdsd::imds {

class FaultSet;
class InstanceIdentityRole;

enum class HttpTokens { optional, required };

/// An instance's MetadataOptions, in EC2's words, and our guards.
struct MetadataOptions {
  HttpTokens http_tokens = HttpTokens::optional;
  bool http_endpoint_enabled = true;
  int hop_limit = 2;                       // HttpPutResponseHopLimit: 1..64
  bool instance_metadata_tags = false;     // InstanceMetadataTags: tags/instance is served
  bool extended_credentials = false;       // serve iam/security-credentials-extended (never listed)
  std::vector<std::string> allowed_hosts;  // Host names beside IP literals and localhost
  friend bool operator==(const MetadataOptions&, const MetadataOptions&) = default;
};

/// The documents below iam/, rendered when the credentials change, not when they are read.
/// What clients ask for comes first, on few cache lines.
struct RoleDocuments {
  base::HttpDate last_modified;  // empty: the tree's
  /// From here on `*_v1`/`*_v2` would be dead credentials: `expired` is served instead. None: the
  /// documents hold no keys.
  std::optional<base::SystemTime> expiration;
  std::string role_name;
  base::SlabString credentials_v2;  // iam/security-credentials/<role>
  std::string access_key_id_v2;     // of the keys in it
  base::SlabString credentials_v1;
  std::string access_key_id_v1;
  base::SlabString extended_v1, extended_v2;  // with AccountId
  std::string info;                           // iam/info
  std::string expired;
};

/// Everything a request for one instance needs; immutable, loaded once a request.
struct InstanceSnapshot {
  MetadataOptions options;
  std::shared_ptr<const MetadataTree> tree;
  std::shared_ptr<const RoleDocuments> role;         // none: no instance profile, iam/ is absent
  std::shared_ptr<const FaultSet> faults = nullptr;  // none: nothing goes wrong on command
  std::shared_ptr<const InstanceIdentityRole> identity_role = nullptr;  // none: it is absent

  /// What most requests read next: of thousands of instances in turn, none of it is in a cache.
  void prefetch() const noexcept {
    base::prefetch(tree.get(), sizeof(MetadataTree));
    base::prefetch(role.get(), kHotRoleBytes);
  }

 private:
  static constexpr std::size_t kHotRoleBytes = 192;
};

}  // namespace imdsd::imds
