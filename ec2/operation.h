// SPDX-License-Identifier: MIT
// EC2's actions as a table: an operation is a row and a short function.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "aws/service_error.h"
#include "ec2/call.h"

namespace imdsd::ec2 {

struct Operation {
  std::string_view name;
  /// All that it takes, with N for a number: "Filter.N.Value.N".
  std::span<const std::string_view> parameters;
  /// Checks the parameters' values, authorizes, acts, and writes what is in the response element.
  aws::Outcome<void> (*run)(Call&);
};

/// Null for an action that there is not.
[[nodiscard]] const Operation* find_operation(std::string_view name);
[[nodiscard]] std::vector<std::string_view> operation_names();

// The rows, one table a family.
[[nodiscard]] std::span<const Operation> association_operations();
[[nodiscard]] std::span<const Operation> describe_operations();
[[nodiscard]] std::span<const Operation> lifecycle_operations();
[[nodiscard]] std::span<const Operation> metadata_operations();
[[nodiscard]] std::span<const Operation> status_operations();
[[nodiscard]] std::span<const Operation> tag_operations();

}  // namespace imdsd::ec2
