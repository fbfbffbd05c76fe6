// SPDX-License-Identifier: MIT
#include "daemon/admin_api.h"

#include <string>

namespace imdsd::daemon {

base::HttpResponse AdminApi::handle(const base::HttpRequest& request) const {
  if (const auto reason = access_.refuse(request.peer)) return admin_error(403, *reason);
  std::string allowed;
  for (const auto& route : routes_) {
    if (route.path != request.path()) continue;
    if (route.method == request.method) return route.answer(request);
    allowed.append(allowed.empty() ? "" : ", ").append(route.method);
  }
  if (allowed.empty()) {
    return admin_error(404, "there is no `" + std::string(request.path()) + "`");
  }
  auto response = admin_error(405, "use " + allowed);
  response.headers.add("Allow", allowed);
  return response;
}

}  // namespace imdsd::daemon
