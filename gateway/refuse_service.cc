// SPDX-License-Identifier: MIT
#include "gateway/refuse_service.h"

#include <string>

#include <nlohmann/json.hpp>

#include "aws/query_protocol.h"
#include "base/codec.h"

namespace imdsd::gateway {
namespace {

constexpr int kStatus = 501;
constexpr std::string_view kCode = "NotImplemented";
constexpr std::size_t kMaxServiceName = 64;

bool is_json(const base::HttpRequest& request) {
  const auto type = request.headers.get("content-type");
  return type && base::to_lower(*type).find("json") != std::string::npos;
}

base::HttpResponse json_error(const std::string& message) {
  base::HttpResponse response;
  response.status = kStatus;
  response.headers.add("Content-Type", "application/x-amz-json-1.0");
  response.headers.add("x-amzn-ErrorType", std::string(kCode));
  response.body = nlohmann::json{{"__type", kCode}, {"message", message}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
  return response;
}

}  // namespace

base::HttpResponse refuse_service(Exchange& exchange, std::string_view service) {
  service = service.substr(0, kMaxServiceName);
  exchange.record.service = service;
  exchange.record.error_code = kCode;
  const std::string message = "This endpoint is imdsd, which does not serve `" +
                              std::string(service) + "`; it serves sts, iam, ec2 and s3.";
  if (is_json(exchange.http)) return json_error(message);
  return query_error(exchange, {kStatus, std::string(kCode), message}, aws::kFaultNamespace);
}

}  // namespace imdsd::gateway
