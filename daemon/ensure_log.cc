// SPDX-License-Identifier: MIT
#include "daemon/ensure_log.h"

#include <string>
#include <vector>

#include "base/log.h"

namespace imdsd::daemon {
namespace {

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + item;
  return out;
}

}  // namespace

void log_ensured(const iam::EnsureReport& report) {
  for (const auto& [arn, items] : report.taken_back) {
    base::log_info("no longer declared: what the file had given is taken back, the rest stays",
                   {{"entity", arn}, {"taken", joined(items)}});
  }
  for (const auto& [arn, lost] : report.removed) {
    // What the API had given them is gone against somebody's will, perhaps.
    base::log(lost.empty() ? base::LogLevel::info : base::LogLevel::warn,
              "no longer declared: removed, and its sessions end",
              {{"entity", arn}, {"lost", joined(lost)}});
  }
  for (const auto& each : report.versions) {
    if (!each.overruled.empty()) {
      base::log_info(
          "declared: the default version of the API's is no longer the default one",
          {{"policy", each.arn}, {"default", each.default_version}, {"overruled", each.overruled}});
    }
    if (!each.dropped.empty()) {
      base::log_warn("a policy has five versions at most: the oldest of the API's is removed",
                     {{"policy", each.arn},
                      {"default", each.default_version},
                      {"lost", "version " + each.dropped}});
    }
  }
}

}  // namespace imdsd::daemon
