// SPDX-License-Identifier: MIT
#include "gateway/own_call.h"

#include <chrono>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "base/codec.h"

namespace imdsd::gateway {
namespace {

using Json = nlohmann::json;

}  // namespace

base::HttpRequest own_call(
    std::string_view action, std::string_view version,
    std::initializer_list<std::pair<std::string_view, std::string_view>> parameters,
    std::string_view agent) {
  base::HttpRequest request;
  request.method = "POST";
  request.target = "/";
  request.headers.add("Host", "localhost");
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.headers.add("Accept", "application/json");
  request.headers.add("User-Agent", std::string(agent));
  request.body.append("Action=").append(action).append("&Version=").append(version);
  for (const auto& [name, value] : parameters) {
    request.body.append("&").append(name).append("=").append(base::percent_encode(value));
  }
  return request;
}

aws::ServiceError error_of(const base::HttpResponse& response) {
  aws::ServiceError error;
  error.status = response.status;
  const Json json = Json::parse(response.body, nullptr, false);
  if (json.is_object() && json.contains("Error") && json["Error"].is_object()) {
    error.code = json["Error"].value("Code", "");
    error.message = json["Error"].value("Message", "");
  } else {
    error.code = "InternalFailure";
    error.message = "status " + std::to_string(response.status);
  }
  return error;
}

/// INVARIANT: the answer is one of our own STS.
aws::Outcome<aws::Credentials> credentials_of(const base::HttpResponse& response,
                                              const std::string& action) {
  if (response.status != 200) return tl::unexpected(error_of(response));
  const Json given =
      Json::parse(response.body).at(action + "Response").at(action + "Result").at("Credentials");
  return aws::Credentials{
      given.at("AccessKeyId").get<std::string>(),
      base::Secret(given.at("SecretAccessKey").get<std::string>()),
      base::Secret(given.at("SessionToken").get<std::string>()),
      base::SystemTime(std::chrono::seconds(given.at("Expiration").get<std::int64_t>()))};
}

}  // namespace imdsd::gateway
