// SPDX-License-Identifier: MIT
#include "daemon/process_credentials.h"

#include <chrono>

#include <nlohmann/json.hpp>

#include "aws/sigv4.h"
#include "base/codec.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using Json = nlohmann::json;

base::HttpRequest assume_role_request(const RoleOfHolder& asked) {
  base::HttpRequest request;
  request.method = "POST";
  request.target = "/";
  request.headers.add("Host", "localhost");
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.headers.add("Accept", "application/json");
  request.headers.add("User-Agent", "imdsctl/" IMDSD_VERSION);
  request.body = "Action=AssumeRole&Version=2011-06-15&DurationSeconds=3600&RoleArn=" +
                 base::percent_encode(asked.role_arn) +
                 "&RoleSessionName=" + base::percent_encode(asked.session_name);
  return request;
}

/// INVARIANT: an answer of our own STS.
aws::Credentials read_credentials(const std::string& body) {
  const Json given =
      Json::parse(body).at("AssumeRoleResponse").at("AssumeRoleResult").at("Credentials");
  return {given.at("AccessKeyId").get<std::string>(),
          base::Secret(given.at("SecretAccessKey").get<std::string>()),
          base::Secret(given.at("SessionToken").get<std::string>()),
          base::SystemTime(std::chrono::seconds(given.at("Expiration").get<std::int64_t>()))};
}

std::string reason(const base::HttpResponse& response) {
  const Json json = Json::parse(response.body, nullptr, false);
  const bool told = json.is_object() && json.contains("Error") && json["Error"].is_object();
  if (!told) return "status " + std::to_string(response.status);
  return json["Error"].value("Code", "") + ": " + json["Error"].value("Message", "");
}

}  // namespace

base::Result<aws::Credentials> assume_role_of_holder(const RoleOfHolder& asked,
                                                     const gateway::Gateway& gateway,
                                                     base::SystemTime now) {
  auto request = assume_role_request(asked);
  const aws::SigningKey key{asked.holder.access_key_id, &asked.holder.secret_access_key,
                            &asked.holder.session_token};
  IMDSD_TRY_VOID(aws::sign(request, key, asked.region, "sts", now));
  const auto response = gateway.handle(request);
  if (response.status == 200) return read_credentials(response.body);
  return base::fail(response.status == 403 ? Errc::access_denied : Errc::invalid_argument,
                    reason(response));
}

}  // namespace imdsd::daemon
