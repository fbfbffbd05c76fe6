// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "base/http_message.h"

namespace imdsd::gateway {

/// Where a request says that it is going: service and region of its credential scope, in header or
/// query. The region is empty for a region set of SigV4A that is not one region. Only good for
/// choosing who verifies it until authentication, which reads the same parts, has checked the
/// scope.
struct ScopeHint {
  std::string service, region;
};

/// Nothing for an unsigned request, or a credential that is not of five parts (SigV4A: four).
[[nodiscard]] std::optional<ScopeHint> scope_hint(const base::HttpRequest& request);

}  // namespace imdsd::gateway
