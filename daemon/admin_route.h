// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/http_message.h"
#include "base/result.h"

namespace imdsd::daemon {

/// One thing that the admin socket answers. Each feature declares its own, in admin_<noun>.h; the
/// composition root puts them together. `answer` is called from several threads at once.
struct AdminRoute {
  std::string_view method, path;  // literals: "POST", "/v1/rotate"
  std::function<base::HttpResponse(const base::HttpRequest&)> answer;
};

[[nodiscard]] base::HttpResponse admin_answer(int status, std::string body,
                                              std::string_view content_type = "application/json");
/// `{"error": …}`.
[[nodiscard]] base::HttpResponse admin_error(int status, std::string_view message);
/// Errc::not_found is 404, ::invalid_argument 400, whatever else 502.
[[nodiscard]] base::HttpResponse admin_error(const base::Error& error);

/// The value of `instance` in the query; empty without one. Anything else in the query is refused.
[[nodiscard]] base::Result<std::string> instance_parameter(std::string_view query);

}  // namespace imdsd::daemon
