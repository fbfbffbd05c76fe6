// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <string>

#include "iam/evaluate.h"

namespace imdsd::iam {

/// What a call needed, and whether it was allowed. A call may need several.
struct Permission {
  std::string action;     // "s3:GetObject"
  std::string resource;   // ARN; empty or "*": of no resource
  std::string passed_to;  // iam:PassedToService, of iam:PassRole
  bool allowed = false;
  friend auto operator<=>(const Permission&, const Permission&) = default;
};

/// What a decision was about.
[[nodiscard]] Permission permission_of(const RequestContext& request, const Decision& decision);

}  // namespace imdsd::iam
