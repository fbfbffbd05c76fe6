// SPDX-License-Identifier: MIT
// The thin edge where a Machine comes from: getifaddrs(3), rtnetlink, /proc, /sys, and the tools of
// the packet filters. Nothing is sent to the network.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reach/machine.h"

namespace imdsd::reach {

/// What cannot be found out is left as it is in a Machine that nobody has filled in.
[[nodiscard]] Machine look_at_machine();

/// A file's content, up to 1 MiB; nothing when it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path);

/// `root` stands before /sys/class/dmi/id and /sys/hypervisor.
[[nodiscard]] Dmi read_dmi(const std::string& root);

}  // namespace imdsd::reach
