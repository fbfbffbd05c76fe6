// SPDX-License-Identifier: MIT
// IAM's errors and their words.
#pragma once

#include <string>
#include <string_view>

#include "aws/service_error.h"

namespace imdsd::iam::api {

using Failure = tl::unexpected<aws::ServiceError>;

[[nodiscard]] inline Failure no_such_entity(std::string message) {
  return aws::service_error(404, "NoSuchEntity", std::move(message));
}
/// "The user with name X cannot be found."
[[nodiscard]] inline Failure cannot_be_found(std::string_view kind, std::string_view name) {
  return no_such_entity("The " + std::string(kind) + " with name " + std::string(name) +
                        " cannot be found.");
}
[[nodiscard]] inline Failure already_exists(std::string message) {
  return aws::service_error(409, "EntityAlreadyExists", std::move(message));
}
/// "Cannot delete entity, must {what} first."
[[nodiscard]] inline Failure must_first(std::string_view what) {
  return aws::service_error(409, "DeleteConflict",
                            "Cannot delete entity, must " + std::string(what) + " first.");
}
[[nodiscard]] inline Failure delete_conflict(std::string message) {
  return aws::service_error(409, "DeleteConflict", std::move(message));
}
[[nodiscard]] inline Failure limit_exceeded(std::string message) {
  return aws::service_error(409, "LimitExceeded", std::move(message));
}
/// "Cannot exceed quota for {quota}: {value}"
[[nodiscard]] inline Failure quota_exceeded(std::string_view quota, std::size_t value) {
  return limit_exceeded("Cannot exceed quota for " + std::string(quota) + ": " +
                        std::to_string(value));
}
[[nodiscard]] inline Failure validation_error(std::string message) {
  return aws::service_error(400, "ValidationError", std::move(message));
}
[[nodiscard]] inline Failure invalid_input(std::string message) {
  return aws::service_error(400, "InvalidInput", std::move(message));
}
[[nodiscard]] inline Failure malformed_policy(std::string message) {
  return aws::service_error(400, "MalformedPolicyDocument", std::move(message));
}
[[nodiscard]] inline Failure unmodifiable(std::string message) {
  return aws::service_error(400, "UnmodifiableEntity", std::move(message));
}

}  // namespace imdsd::iam::api
