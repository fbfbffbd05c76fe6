// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::aws {

/// arn:partition:service:region:account:resource
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). Region and account may
/// be empty; the resource keeps its further colons and slashes. parse() is the only way in from
/// text.
struct Arn {
  std::string partition, service, region, account, resource;

  [[nodiscard]] static base::Result<Arn> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
  friend auto operator<=>(const Arn&, const Arn&) = default;
};

}  // namespace imdsd::aws
