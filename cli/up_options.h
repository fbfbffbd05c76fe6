// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "reach/plan.h"

namespace imdsd::cli {

/// Flags of `imdsctl up` as they were given; `down` has dry_run alone.
struct UpOptions {
  bool ipv6 = false, ecs = false, eks = false, dry_run = false, force = false;
  std::string interface, port80, bridge;  // empty: not given
  std::string to;                         // ADDRESS:PORT; empty: ask the daemon

  /// A flag that was given, for a command that has none of them but `allowed`; empty: none.
  [[nodiscard]] std::string_view first_given(std::string_view allowed) const;
  [[nodiscard]] base::Result<reach::Wish> wish() const;
};

/// The metadata service's listeners in the body of GET /v1/status; with `instance`, those that are
/// that instance's own. Errc::not_found when it has none.
[[nodiscard]] base::Result<reach::Doors> parse_doors(std::string_view status,
                                                     const std::string& instance = {});
/// Adds the doors for containers: the body of GET /v1/containers.
[[nodiscard]] base::Result<void> add_container_doors(std::string_view body, reach::Doors& doors);
/// Where imdsd listens unless it is configured otherwise.
[[nodiscard]] reach::Doors default_doors();

}  // namespace imdsd::cli
