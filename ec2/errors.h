// SPDX-License-Identifier: MIT
// EC2's errors: their codes and, where they were seen, their words
// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html).
#pragma once

#include <string>
#include <string_view>

#include "aws/service_error.h"

namespace imdsd::ec2 {

using Failure = tl::unexpected<aws::ServiceError>;

/// <Response><Errors><Error>…, as EC2 alone has it.
[[nodiscard]] std::string error_xml(const aws::ServiceError& error, std::string_view request_id);

/// What EC2 makes of a request whose sender it does not believe. It tells no more than that, so
/// that the reason is for the log.
[[nodiscard]] aws::ServiceError authentication_failure(const aws::ServiceError& reason);

[[nodiscard]] inline aws::ServiceError invalid_action(std::string_view action) {
  return {400, "InvalidAction",
          "The action " + std::string(action) + " is not valid for this web service."};
}
[[nodiscard]] inline aws::ServiceError no_such_version(std::string_view version) {
  return {400, "NoSuchVersion",
          "The requested version (" + std::string(version) +
              ") of service AmazonEC2 does not exist: 2016-11-15 is served."};
}
/// The disk does not take a change.
[[nodiscard]] inline Failure internal_error(std::string_view why) {
  return tl::unexpected(aws::ServiceError{500, "InternalError",
                                          "The change could not be kept: " + std::string(why),
                                          aws::ServiceError::Fault::receiver});
}
[[nodiscard]] inline Failure missing_parameter(std::string_view name) {
  return aws::service_error(400, "MissingParameter",
                            "The request must contain the parameter " + std::string(name));
}
[[nodiscard]] inline Failure unknown_parameter(std::string_view name) {
  return aws::service_error(400, "UnknownParameter",
                            "The parameter " + std::string(name) + " is not recognized");
}
[[nodiscard]] inline Failure invalid_value(std::string message) {
  return aws::service_error(400, "InvalidParameterValue", std::move(message));
}
/// "Value (x) for parameter httpTokens is invalid. Must be …"
[[nodiscard]] inline Failure invalid_value_of(std::string_view parameter, std::string_view value,
                                              std::string_view rule) {
  return invalid_value("Value (" + std::string(value) + ") for parameter " +
                       std::string(parameter) + " is invalid. " + std::string(rule));
}
[[nodiscard]] inline Failure invalid_combination(std::string message) {
  return aws::service_error(400, "InvalidParameterCombination", std::move(message));
}
[[nodiscard]] inline Failure unsupported(std::string message) {
  return aws::service_error(400, "UnsupportedOperation", std::move(message));
}

}  // namespace imdsd::ec2
