// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/config.h"
#include "daemon/config_parser.h"
#include "daemon/config_section.h"

namespace imdsd::daemon {

/// What the tables of one file share while they are read.
struct ConfigContext {
  const ConfigInput& input;
  std::vector<ConfigProblem>& warnings;
};

/// A document given as `key` or as `key`_file, and where its text stands.
struct ConfigDocument {
  std::string text;
  ConfigPosition at;
  bool in_own_file = false;
};

/// Nothing, and a problem unless it may be missing, when there is no such document.
[[nodiscard]] std::optional<ConfigDocument> read_document(const ConfigSection& section,
                                                          const std::string& key, bool required,
                                                          const ConfigContext& context);

/// Everything under [[iam.…]], into `out.iam`. Entities that name no account are in aws.account_id.
void read_iam(const ConfigSection& iam, const ConfigContext& context, Config& out);

}  // namespace imdsd::daemon
