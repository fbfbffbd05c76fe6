// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/random.h"
#include "daemon/config.h"
#include "daemon/config_node.h"
#include "iam/directory.h"

namespace imdsd::daemon {

/// What the file's declarations became.
struct BuiltDirectory {
  std::shared_ptr<const iam::Directory> directory;
  std::string unique_ids;  // JSON, to be kept
  /// Entities that were declared before and no longer are ("role/123456789012/app-role").
  std::vector<std::string> forgotten;
};

/// `kept_ids`: the JSON of the unique ids so far, empty for none; `ids_source` is its file in
/// problems. `places` gives problems their line. Takes `declarations` over.
[[nodiscard]] tl::expected<BuiltDirectory, std::vector<ConfigProblem>> build_directory(
    iam::Declarations declarations, const std::vector<DeclaredAt>& places,
    std::string_view kept_ids, const std::string& ids_source, base::Random& random);

}  // namespace imdsd::daemon
