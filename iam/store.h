// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "iam/directory.h"

namespace imdsd::iam {

/// One step of a transaction: the entity as it is from now on, or its end.
struct Change {
  AnyEntity entity;
  bool erased = false;
};

/// When an access key, a role or a user's password was last used; `id` is AKIA…, AROA… or AIDA….
struct Usage {
  std::string id;
  base::SystemTime time;
  std::string service, region;
};

/// Where the directory is kept. Implemented by store/; one writer at a time.
class Store {
 public:
  virtual ~Store() = default;
  struct Content {
    std::vector<AnyEntity> entities;  // in any order
    std::vector<Usage> usage;
  };
  /// Everything. Errc::corrupt names what cannot be read.
  [[nodiscard]] virtual base::Result<Content> load() = 0;
  /// All or nothing, in order; durable when it returns. Errc::unavailable (a full disk, a read-only
  /// folder): nothing was changed.
  [[nodiscard]] virtual base::Result<void> commit(std::span<const Change> changes) = 0;
  /// Replaces what is known of these ids. Durable some time later.
  [[nodiscard]] virtual base::Result<void> commit_usage(std::span<const Usage> usage) = 0;

  /// Facts about the store as a whole, by name; durable when set_meta() returns.
  [[nodiscard]] virtual base::Result<std::optional<std::string>> meta(std::string_view key) = 0;
  [[nodiscard]] virtual base::Result<void> set_meta(std::string_view key,
                                                    std::string_view value) = 0;
};

}  // namespace imdsd::iam
