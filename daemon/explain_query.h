// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace imdsd::daemon {

/// GET /v1/explain: why a request was denied, by its id, the last one without any; or what would be
/// decided for a caller.
struct ExplainQuery {
  std::string request_id;                                 // empty, as is caller: the last denial
  std::string caller, action, resource;                   // ARN, "s3:GetObject", ARN or "*"
  std::vector<std::pair<std::string, std::string>> keys;  // condition keys beside the caller's own
  bool json = false;
  bool encoded = false;  // of a request: its message for DecodeAuthorizationMessage

  /// From the query of the target. Errc::invalid_argument names what is wrong or missing.
  [[nodiscard]] static base::Result<ExplainQuery> parse(std::string_view query);
};

}  // namespace imdsd::daemon
