// SPDX-License-Identifier: MIT
// Metadata that is changed while the daemon runs: `imdsctl set`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "imds/instance_description.h"

namespace imdsd::daemon {

/// A value in place of what the configuration gives a path, or of none.
struct MetadataChange {
  std::string path;                  // as metadata_path() spells it
  std::optional<std::string> value;  // none: absent
  bool keep = false;                 // over a restart
  friend bool operator==(const MetadataChange&, const MetadataChange&) = default;
};

inline constexpr std::size_t kMaxMetadataChanges = 256;  // of an instance
inline constexpr std::size_t kMaxChangedValue = 16384;   // bytes, as of user data

/// The path below meta-data/, or "user-data", or "dynamic/…": of "placement/region",
/// "meta-data/placement/region" or "/latest/meta-data/placement/region/". Errc::invalid_argument
/// for what no value can be set at.
[[nodiscard]] base::Result<std::string> metadata_path(std::string_view text);

/// Where other values follow from the one at this path, says it in the description, so that they
/// follow: true. docs/events.md lists them. False: the row alone is to be changed.
/// Errc::invalid_argument for a value that the configuration would not take there.
[[nodiscard]] base::Result<bool> change_description(const MetadataChange& change,
                                                    imds::InstanceDescription& description);

}  // namespace imdsd::daemon
