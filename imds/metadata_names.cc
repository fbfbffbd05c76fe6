// SPDX-License-Identifier: MIT
#include "imds/metadata_names.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/nearest_name.h"
#include "base/star_pattern.h"
#include "imds/path.h"

namespace imdsd::imds {
namespace {

/// `*` is a name of the instance's own: an address, a role, a number. INVARIANT: a test holds all
/// rows against them.
constexpr std::string_view kNames[] = {
    "meta-data/ami-id",
    "meta-data/ami-launch-index",
    "meta-data/ami-manifest-path",
    "meta-data/ancestor-ami-ids",
    "meta-data/autoscaling/target-lifecycle-state",
    "meta-data/block-device-mapping/*",
    "meta-data/elastic-gpus/associations/*",
    "meta-data/elastic-inference/associations/*",
    "meta-data/events/maintenance/history",
    "meta-data/events/maintenance/scheduled",
    "meta-data/events/recommendations/rebalance",
    "meta-data/hibernation/configured",
    "meta-data/hostname",
    "meta-data/iam/info",
    "meta-data/iam/security-credentials/*",
    "meta-data/iam/security-credentials-extended/*",
    "meta-data/iam-ecs-*/info",
    "meta-data/iam-ecs-*/security-credentials/*",
    "meta-data/identity-credentials/ec2/info",
    "meta-data/identity-credentials/ec2/security-credentials/ec2-instance",
    "meta-data/instance-action",
    "meta-data/instance-id",
    "meta-data/instance-life-cycle",
    "meta-data/instance-type",
    "meta-data/ipv6",
    "meta-data/kernel-id",
    "meta-data/local-hostname",
    "meta-data/local-ipv4",
    "meta-data/mac",
    "meta-data/managed-ssh-keys/active-keys/*",
    "meta-data/managed-ssh-keys/signer-cert",
    "meta-data/managed-ssh-keys/signer-ocsp/*",
    "meta-data/metrics/vhostmd",
    "meta-data/network/interfaces/macs/*/device-number",
    "meta-data/network/interfaces/macs/*/interface-id",
    "meta-data/network/interfaces/macs/*/ipv4-associations/*",
    "meta-data/network/interfaces/macs/*/ipv4-prefix",
    "meta-data/network/interfaces/macs/*/ipv6-prefix",
    "meta-data/network/interfaces/macs/*/ipv6s",
    "meta-data/network/interfaces/macs/*/local-hostname",
    "meta-data/network/interfaces/macs/*/local-ipv4s",
    "meta-data/network/interfaces/macs/*/mac",
    "meta-data/network/interfaces/macs/*/network-card",
    "meta-data/network/interfaces/macs/*/network-card-index",
    "meta-data/network/interfaces/macs/*/owner-id",
    "meta-data/network/interfaces/macs/*/public-hostname",
    "meta-data/network/interfaces/macs/*/public-ipv4s",
    "meta-data/network/interfaces/macs/*/security-group-ids",
    "meta-data/network/interfaces/macs/*/security-groups",
    "meta-data/network/interfaces/macs/*/subnet-id",
    "meta-data/network/interfaces/macs/*/subnet-ipv4-cidr-block",
    "meta-data/network/interfaces/macs/*/subnet-ipv6-cidr-blocks",
    "meta-data/network/interfaces/macs/*/vpc-id",
    "meta-data/network/interfaces/macs/*/vpc-ipv4-cidr-block",
    "meta-data/network/interfaces/macs/*/vpc-ipv4-cidr-blocks",
    "meta-data/network/interfaces/macs/*/vpc-ipv6-cidr-blocks",
    "meta-data/placement/availability-zone",
    "meta-data/placement/availability-zone-id",
    "meta-data/placement/group-name",
    "meta-data/placement/host-id",
    "meta-data/placement/partition-number",
    "meta-data/placement/region",
    "meta-data/product-codes",
    "meta-data/profile",
    "meta-data/public-hostname",
    "meta-data/public-ipv4",
    "meta-data/public-keys/*/openssh-key",
    "meta-data/ramdisk-id",
    "meta-data/reservation-id",
    "meta-data/security-groups",
    "meta-data/services/domain",
    "meta-data/services/partition",
    "meta-data/spot/instance-action",
    "meta-data/spot/termination-time",
    "meta-data/system",
    "meta-data/tags/instance/*",
    "dynamic/fws/instance-monitoring",
    "dynamic/instance-identity/document",
    "dynamic/instance-identity/dsa2048",
    "dynamic/instance-identity/pkcs7",
    "dynamic/instance-identity/rsa2048",
    "dynamic/instance-identity/signature",
};

UnknownName unknown(std::string path, std::string_view name,
                    const std::vector<std::string_view>& known) {
  const std::string above(path.substr(0, path.size() - name.size() - 1));
  std::string message = known.empty() ? "EC2 has nothing below `" + above + "`"
                                      : "EC2 has no `" + path + "`" + base::suggest(name, known);
  return {std::move(path), std::move(message)};
}

}  // namespace

std::optional<UnknownName> find_unknown_name(std::string_view pattern) {
  std::string_view rest = pattern;
  const std::string_view root = take_segment(rest);
  if (root != "meta-data" && root != "dynamic") return std::nullopt;
  std::vector<std::string_view> candidates(std::begin(kNames), std::end(kNames));
  std::string path;
  for (rest = pattern; !rest.empty();) {
    const std::string_view name = take_segment(rest);
    if (name.find('*') != std::string_view::npos) return std::nullopt;
    path.append(path.empty() ? "" : "/").append(name);
    std::vector<std::string_view> known, below;
    for (std::string_view candidate : candidates) {
      if (candidate.empty()) continue;
      const std::string_view each = take_segment(candidate);
      known.push_back(each);
      if (base::StarPattern(each).matches(name)) below.push_back(candidate);
    }
    if (below.empty()) return unknown(std::move(path), name, known);
    candidates = std::move(below);
  }
  return std::nullopt;
}

}  // namespace imdsd::imds
