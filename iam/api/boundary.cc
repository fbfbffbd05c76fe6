// SPDX-License-Identifier: MIT
#include "iam/api/boundary.h"

#include "aws/arn.h"
#include "iam/api/errors.h"
#include "iam/managed_policy_lookup.h"

namespace imdsd::iam::api {

aws::Outcome<std::string> read_boundary(const Call& call, const Directory& directory) {
  const std::string arn = call.text("PermissionsBoundary");
  if (arn.empty()) return arn;
  const auto parsed = aws::Arn::parse(arn);
  if (!parsed) return validation_error("Invalid ARN:  Could not be parsed!");
  if (parsed->service != "iam" || !parsed->resource.starts_with("policy/")) {
    return invalid_input("ARN " + arn + " is not valid.");
  }
  if (!find_attachable_policy(directory, call.account(), arn)) {
    return no_such_entity("Scope ARN: " + arn + " does not exist or is not attachable.");
  }
  return arn;
}

}  // namespace imdsd::iam::api
