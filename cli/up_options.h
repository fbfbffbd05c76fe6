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

/// The listeners in the body of GET /v1/status; `options.to` comes before them.
[[nodiscard]] base::Result<reach::Doors> parse_doors(std::string_view status);
/// Where imdsd listens unless it is configured otherwise.
[[nodiscard]] reach::Doors default_doors();

}  // namespace imdsd::cli
