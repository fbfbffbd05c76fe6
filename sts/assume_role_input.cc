// SPDX-License-Identifier: MIT
#include "sts/assume_role_input.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "sts/parameter_rules.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::service_error;
using aws::ServiceError;

constexpr std::int32_t kMinDuration = 900;
constexpr std::int32_t kMaxDuration = 43'200;

constexpr std::array<std::string_view, 8> kNotImplemented{
    "Policy",       "PolicyArns", "Tags",           "TransitiveTagKeys",
    "SerialNumber", "TokenCode",  "SourceIdentity", "ProvidedContexts"};

std::optional<ServiceError> refuse_not_implemented(const aws::QueryParameters& parameters) {
  for (const auto& [name, value] : parameters.all()) {
    if (value.empty()) continue;  // clients write an empty list as `Tags=`
    const std::string_view first = std::string_view(name).substr(0, name.find('.'));
    if (std::find(kNotImplemented.begin(), kNotImplemented.end(), first) != kNotImplemented.end()) {
      return ServiceError{
          501, "NotImplemented",
          "AssumeRole of this service does not implement the parameter " + std::string(first)};
    }
  }
  return std::nullopt;
}

Outcome<aws::Arn> parse_role_arn(std::string_view text) {
  const auto arn = aws::Arn::parse(text);
  if (!arn || arn->partition.empty() || arn->service.empty() || arn->resource.empty()) {
    return service_error(400, "ValidationError", std::string(text) + " is invalid");
  }
  constexpr std::string_view kRole = "role/";
  if (arn->service != "iam" || !arn->resource.starts_with(kRole) || arn->resource.ends_with('/')) {
    return service_error(400, "ValidationError", "Request ARN is invalid");
  }
  return *arn;
}

}  // namespace

Outcome<AssumeRoleInput> AssumeRoleInput::parse(const aws::QueryParameters& parameters) {
  const auto role_arn = parameters.get("RoleArn");
  const auto session_name = parameters.get("RoleSessionName");
  const auto external_id = parameters.get("ExternalId");
  const auto duration_text = parameters.get("DurationSeconds");
  Outcome<std::int32_t> duration = 3600;
  if (duration_text) duration = aws::parse_integer(*duration_text);

  aws::ParameterCheck check;
  check.text(kRoleArnRule, role_arn);
  check.text(kRoleSessionNameRule, session_name);
  if (duration) check.range("durationSeconds", *duration, kMinDuration, kMaxDuration);
  check.text(kExternalIdRule, external_id);
  if (auto error = check.error()) return tl::unexpected(*std::move(error));
  // An unreadable duration is told only after the ARN, as STS does it.
  auto arn = parse_role_arn(*role_arn);
  if (!arn) return tl::unexpected(std::move(arn).error());
  if (!duration) return tl::unexpected(std::move(duration).error());
  if (auto error = refuse_not_implemented(parameters)) return tl::unexpected(*std::move(error));

  AssumeRoleInput input;
  input.role_arn = *std::move(arn);
  input.session_name = *session_name;
  input.duration = std::chrono::seconds(*duration);
  if (external_id) input.external_id = std::string(*external_id);
  return input;
}

}  // namespace imdsd::sts
