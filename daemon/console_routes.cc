// SPDX-License-Identifier: MIT
#include "daemon/console_routes.h"

namespace imdsd::daemon {

std::vector<AdminRoute> console_routes(console::Console& console) {
  std::vector<AdminRoute> routes;
  for (const auto& operation : console::Console::operations()) {
    routes.push_back({operation.method, operation.path,
                      [&console, name = operation.name](const base::HttpRequest& request) {
                        return console.handle_operation(name, request);
                      }});
  }
  return routes;
}

}  // namespace imdsd::daemon
