// SPDX-License-Identifier: MIT
#include "ec2/operation.h"

#include <algorithm>
#include <array>

namespace imdsd::ec2 {
namespace {

/// Few enough to be gone through.
std::array<std::span<const Operation>, 6> tables() {
  return {association_operations(), describe_operations(), lifecycle_operations(),
          metadata_operations(),    status_operations(),   tag_operations()};
}

}  // namespace

const Operation* find_operation(std::string_view name) {
  for (const auto rows : tables()) {
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [name](const Operation& each) { return each.name == name; });
    if (found != rows.end()) return &*found;
  }
  return nullptr;
}

std::vector<std::string_view> operation_names() {
  std::vector<std::string_view> names;
  for (const auto rows : tables()) {
    for (const Operation& operation : rows) names.push_back(operation.name);
  }
  return names;
}

}  // namespace imdsd::ec2
