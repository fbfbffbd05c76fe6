// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"
#include "daemon/config_node.h"

namespace imdsd::daemon {

/// What can stand in a header, a URL and a command line as it is: 1 to 64 letters, digits and
/// `-_.`, a letter or digit first.
[[nodiscard]] base::Result<std::string> instance_name(const ConfigNode& node);

/// The id of an instance that has a name alone: the same at each start, wherever the instance
/// stands in the file.
[[nodiscard]] std::string id_of_name(const std::string& name);

}  // namespace imdsd::daemon
