// SPDX-License-Identifier: MIT
#include "daemon/admin_route.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "base/codec.h"

namespace imdsd::daemon {

base::HttpResponse admin_answer(int status, std::string body, std::string_view content_type) {
  base::HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", std::string(content_type));
  response.body = std::move(body);
  return response;
}

base::HttpResponse admin_error(int status, std::string_view message) {
  const nlohmann::ordered_json json = {{"error", message}};
  return admin_answer(
      status, json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

base::HttpResponse admin_error(const base::Error& error) {
  const int status = error.code == base::Errc::not_found          ? 404
                     : error.code == base::Errc::invalid_argument ? 400
                                                                  : 502;
  return admin_error(status, error.message);
}

base::Result<std::string> instance_parameter(std::string_view query) {
  constexpr std::string_view kName = "instance=";
  if (query.empty()) return std::string();
  if (query.starts_with(kName) && query.find('&') == std::string_view::npos) {
    return base::percent_decode(query.substr(kName.size()));
  }
  return base::fail(base::Errc::invalid_argument, "the only parameter is `instance`");
}

}  // namespace imdsd::daemon
