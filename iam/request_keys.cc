// SPDX-License-Identifier: MIT
#include "iam/request_keys.h"

#include <chrono>
#include <string>

#include "aws/time_format.h"

namespace imdsd::iam {

void add_time_keys(base::SystemTime now, ConditionKeys& keys) {
  keys.set("aws:CurrentTime", aws::format_iso8601(now));
  const auto epoch = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  keys.set("aws:EpochTime", std::to_string(epoch));
}

void add_request_keys(const base::HttpRequest& request, std::string_view region,
                      base::SystemTime now, ConditionKeys& keys) {
  add_time_keys(now, keys);
  if (const auto& peer = request.peer.address) keys.set("aws:SourceIp", peer->ip.to_string());
  if (const auto agent = request.headers.get("User-Agent")) {
    keys.set("aws:UserAgent", std::string(*agent));
  }
  if (const auto referer = request.headers.get("Referer")) {
    keys.set("aws:Referer", std::string(*referer));
  }
  keys.set("aws:SecureTransport", std::string(request.secure ? "true" : "false"));
  if (!region.empty()) keys.set("aws:RequestedRegion", std::string(region));
}

}  // namespace imdsd::iam
