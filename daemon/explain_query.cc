// SPDX-License-Identifier: MIT
#include "daemon/explain_query.h"

#include "aws/query_protocol.h"

namespace imdsd::daemon {

base::Result<ExplainQuery> ExplainQuery::parse(std::string_view query) {
  IMDSD_TRY(const auto parameters, aws::QueryParameters::parse(query));
  ExplainQuery out;
  for (const auto& [name, value] : parameters.all()) {
    if (name == "request") {
      out.request_id = value;
    } else if (name == "caller") {
      out.caller = value;
    } else if (name == "action") {
      out.action = value;
    } else if (name == "resource") {
      out.resource = value;
    } else if (name == "json") {
      out.json = value == "true";
    } else if (name == "encoded") {
      out.encoded = value == "true";
    } else if (name == "key") {
      const auto equals = value.find('=');
      if (equals == 0 || equals == std::string::npos) {
        return base::fail(base::Errc::invalid_argument, "`" + value + "` is not KEY=VALUE");
      }
      out.keys.emplace_back(value.substr(0, equals), value.substr(equals + 1));
    } else {
      return base::fail(base::Errc::invalid_argument, "there is no parameter `" + name + "`");
    }
  }
  const bool asks = !out.caller.empty() || !out.action.empty() || !out.resource.empty();
  const bool complete = !out.caller.empty() && out.action.find(':') != std::string::npos;
  if (asks && (!complete || !out.request_id.empty())) {
    return base::fail(base::Errc::invalid_argument,
                      "either `request`, or `caller` (an ARN) and `action` (such as "
                      "`s3:GetObject`) are needed");
  }
  if (out.encoded && (out.json || asks)) {
    return base::fail(base::Errc::invalid_argument,
                      "`encoded` is of a denial, and excludes `json`");
  }
  return out;
}

}  // namespace imdsd::daemon
