// SPDX-License-Identifier: MIT
// The directory as it is kept in the state directory, and as the configuration declares it.
#pragma once

#include <memory>
#include <vector>

#include <tl/expected.hpp>

#include "base/result.h"
#include "daemon/config.h"
#include "daemon/config_node.h"
#include "daemon/state_dir.h"
#include "iam/declarations.h"
#include "iam/directory_service.h"
#include "iam/store.h"

namespace imdsd::daemon {

/// What is kept, read once at start.
struct IamState {
  std::unique_ptr<iam::Store> store;
  std::shared_ptr<const iam::Directory> directory;
  std::vector<iam::Usage> usage;
};

/// The database in the state directory, made where it is missing. One that cannot be written is
/// served as it is, and a warning says so.
[[nodiscard]] base::Result<IamState> open_iam(const StateDir& state);

/// Loads what `store` has. Errc::corrupt says what to do.
[[nodiscard]] base::Result<IamState> load_iam(std::unique_ptr<iam::Store> store);

/// iam::ensure(), with the places of what is wrong; then the profiles of instances must be there,
/// and buckets such as S3 takes.
[[nodiscard]] tl::expected<iam::EnsureReport, std::vector<ConfigProblem>> ensure_declared(
    const Config& config, const iam::KnownIds& known_ids, iam::Transaction& transaction);

/// s3::ensure_buckets(), with the places of what is wrong.
[[nodiscard]] std::vector<ConfigProblem> ensure_declared_buckets(const Config& config,
                                                                 const iam::Directory& directory,
                                                                 s3::Index& index,
                                                                 base::SystemTime now);

/// The ids that version 0.1 kept in a file of their own; the store takes them over. None without
/// that file.
[[nodiscard]] base::Result<iam::KnownIds> read_former_ids(const StateDir& state);

}  // namespace imdsd::daemon
