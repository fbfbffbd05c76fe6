// SPDX-License-Identifier: MIT
#include "imds/request_counters.h"

#include <algorithm>

namespace imdsd::imds {
namespace {

struct Name {
  PathFamily family;
  std::string_view text;  // what stands below it is of the family, too
};

// In the order of PathFamily; a family within another one stands before it.
constexpr std::array kNames{
    Name{PathFamily::token, "api/token"},
    Name{PathFamily::security_credentials, "meta-data/iam/security-credentials"},
    Name{PathFamily::iam, "meta-data/iam"},
    Name{PathFamily::identity_credentials, "meta-data/identity-credentials"},
    Name{PathFamily::placement, "meta-data/placement"},
    Name{PathFamily::network, "meta-data/network"},
    Name{PathFamily::public_keys, "meta-data/public-keys"},
    Name{PathFamily::block_devices, "meta-data/block-device-mapping"},
    Name{PathFamily::tags, "meta-data/tags"},
    Name{PathFamily::events, "meta-data/events"},
    Name{PathFamily::spot, "meta-data/spot"},
    Name{PathFamily::autoscaling, "meta-data/autoscaling"},
    Name{PathFamily::meta_data, "meta-data"},
    Name{PathFamily::instance_identity, "dynamic/instance-identity"},
    Name{PathFamily::dynamic, "dynamic"},
    Name{PathFamily::user_data, "user-data"},
    Name{PathFamily::versions, ""},
    Name{PathFamily::other, "other"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (static_cast<std::size_t>(kNames[i].family) != i) return false;
  }
  return true;
}
static_assert(in_order());

bool is_below(std::string_view path, std::string_view family) {
  return path.starts_with(family) &&
         (path.size() == family.size() || (!family.empty() && path[family.size()] == '/'));
}

}  // namespace

PathFamily path_family(std::string_view path) noexcept {
  const auto* const found = std::find_if(kNames.begin(), kNames.end() - 1, [&](const Name& name) {
    return is_below(path, name.text);
  });
  return found->family;  // of the last one, where none was found
}

std::string_view to_string(PathFamily family) noexcept {
  return family == PathFamily::versions ? "versions"
                                        : kNames[static_cast<std::size_t>(family)].text;
}

void RequestCounters::count(PathFamily family, int status) noexcept {
  const auto* const known = std::find(kStatuses.begin(), kStatuses.end() - 1, status);
  add(answers_[static_cast<std::size_t>(family)]
              [static_cast<std::size_t>(known - kStatuses.begin())]);
}

std::vector<RequestCounters::Row> RequestCounters::rows() const {
  std::vector<Row> rows;
  for (std::size_t family = 0; family < answers_.size(); ++family) {
    for (std::size_t status = 0; status < kStatuses.size(); ++status) {
      const std::uint64_t count = answers_[family][status].load(std::memory_order_relaxed);
      if (count != 0) rows.push_back({static_cast<PathFamily>(family), kStatuses[status], count});
    }
  }
  return rows;
}

}  // namespace imdsd::imds
