// SPDX-License-Identifier: MIT
#include "sts/request_keys.h"

#include <chrono>
#include <string>

#include "aws/time_format.h"

namespace imdsd::sts {

void add_time_keys(base::SystemTime now, iam::ConditionKeys& keys) {
  keys.set("aws:CurrentTime", aws::format_iso8601(now));
  const auto epoch = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  keys.set("aws:EpochTime", std::to_string(epoch));
}

void add_request_keys(const ActionRequest& request, iam::ConditionKeys& keys) {
  add_time_keys(request.now, keys);
  if (const auto& peer = request.http.peer.address) keys.set("aws:SourceIp", peer->ip.to_string());
  if (const auto agent = request.http.headers.get("User-Agent")) {
    keys.set("aws:UserAgent", std::string(*agent));
  }
  keys.set("aws:SecureTransport", std::string(request.http.secure ? "true" : "false"));
  if (!request.region.empty()) keys.set("aws:RequestedRegion", std::string(request.region));
}

}  // namespace imdsd::sts
