// SPDX-License-Identifier: MIT
// What `imdsctl up` has made, or was about to: written before each step, so that whatever
// interrupts it, `down` finds all of it. Steps as values, not commands: what is read back can do
// nothing but undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "reach/step.h"

namespace imdsd::reach {

struct Record {
  std::string boot_id;  // of /proc/sys/kernel/random: a restart of the machine undoes everything
  std::vector<Step> steps;
  friend bool operator==(const Record&, const Record&) = default;
};

[[nodiscard]] std::string to_json(const Record& record);
/// Errc::corrupt for what to_json() does not write.
[[nodiscard]] base::Result<Record> parse_record(std::string_view text);

/// A name that is safe in a path, in a rule and as an argument: interfaces of the kernel may have
/// stranger ones (dev_valid_name), which are then none of ours.
[[nodiscard]] bool is_interface_name(std::string_view name);

}  // namespace imdsd::reach
