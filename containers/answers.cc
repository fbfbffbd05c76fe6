// SPDX-License-Identifier: MIT
#include "containers/answers.h"

#include <utility>

#include "base/codec.h"
#include "base/host_guard.h"

namespace imdsd::containers {

using base::HttpRequest;
using base::HttpResponse;

std::optional<std::string_view> refusal(const HttpRequest& request) {
  const auto host = request.headers.get("Host").value_or("");
  if (!base::host_is_allowed(host, {}, false)) return "the Host header names another host";
  if (request.headers.has("Origin")) return "sent by a web page";
  const auto site = request.headers.get("Sec-Fetch-Site").value_or("");
  if (base::equals_ignoring_case(site, "cross-site")) return "sent across sites";
  if (request.headers.has("X-Forwarded-For")) return "forwarded by a proxy";
  return std::nullopt;
}

HttpResponse json_answer(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

HttpResponse text_error(int status, std::string_view message) {
  HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.body.append(message).push_back('\n');
  return response;
}

HttpResponse page_not_found() {
  return text_error(404, "404 page not found");
}

std::optional<HttpResponse> refuse_method(const HttpRequest& request) {
  if (request.method == "GET" || request.method == "HEAD") return std::nullopt;
  HttpResponse response = text_error(405, "Method Not Allowed");
  response.headers.add("Allow", "GET, HEAD");
  return response;
}

}  // namespace imdsd::containers
