// SPDX-License-Identifier: MIT
// What the console stands on.
#include <utility>

#include "daemon/core.h"

namespace imdsd::daemon {

console::Parts Core::console_parts() {
  return {clock_, random_, authority_, gateway_, audit_, requests_, denials_, usage_, [this] {
            std::vector<console::InstanceRow> rows;
            // INVARIANT: all instances are always found.
            const auto report = *status();
            for (const auto& instance : report.instances) {
              rows.push_back({report.account_id, instance.id, instance.name, instance.profile,
                              instance.role, std::string(to_string(instance.state)),
                              instance.error.value_or(""), instance.expiration,
                              instance.next_rotation});
            }
            return rows;
          }};
}

}  // namespace imdsd::daemon
