// SPDX-License-Identifier: MIT
#include "daemon/rotation_log.h"

#include "aws/time_format.h"
#include "base/log.h"

namespace imdsd::daemon {

bool RotationLog::is_news(const sts_client::RotationState& state) {
  constexpr std::chrono::minutes kQuiet{1};
  const std::lock_guard lock(mutex_);
  const std::string& id = state.instance.instance_id;
  if (!state.failure) {
    told_.erase(id);
    return true;
  }
  const auto now = clock_.monotonic();
  const auto found = told_.find(id);
  if (found != told_.end() && found->second.first == state.failure->message &&
      now - found->second.second < kQuiet) {
    return false;
  }
  // Instances come and go; those that ended while they failed silence nothing any more.
  constexpr std::size_t kMany = 20'000;
  if (told_.size() >= kMany) {
    std::erase_if(told_, [&](const auto& each) { return now - each.second.second >= kQuiet; });
  }
  told_[id] = {state.failure->message, now};
  return true;
}

void RotationLog::tell(const sts_client::RotationState& state) {
  const auto level = is_news(state) ? base::LogLevel::warn : base::LogLevel::debug;
  const auto next = aws::format_iso8601(state.next_attempt);
  if (state.failure) {
    const bool other = !state.instance.service.principal.empty();
    base::log(level, "no new credentials",
              {{other ? "holder" : "instance", state.instance.instance_id},
               {"role", state.instance.role_name},
               {"error", state.failure->message},
               {"next_attempt", next}});
  } else if (state.sets && !state.instance.service.principal.empty()) {
    base::log_info("credentials obtained",
                   {{"holder", state.instance.instance_id},
                    {"role", state.instance.role_name},
                    {"access_key_id", state.sets->imdsv2->access_key_id},
                    {"expiration", aws::format_iso8601(state.sets->expiration())},
                    {"next_rotation", next}});
  } else if (state.sets) {
    base::log_info("credentials obtained",
                   {{"instance", state.instance.instance_id},
                    {"role", state.instance.role_name},
                    {"access_key_id", state.sets->imdsv2->access_key_id},
                    {"access_key_id_v1", state.sets->imdsv1->access_key_id},
                    {"expiration", aws::format_iso8601(state.sets->expiration())},
                    {"next_rotation", next}});
  }
}

}  // namespace imdsd::daemon
