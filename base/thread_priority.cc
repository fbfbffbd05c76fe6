// SPDX-License-Identifier: MIT
#include "base/thread_priority.h"

#include <algorithm>
#include <sys/resource.h>
#include <unistd.h>

namespace imdsd::base {

void lower_thread_priority() noexcept {
  constexpr int kSteps = 5, kMost = 19;
  // Linux has one for each thread, by its id.
  const auto thread = static_cast<id_t>(::gettid());
  const int now = ::getpriority(PRIO_PROCESS, thread);
  ::setpriority(PRIO_PROCESS, thread, std::min(now + kSteps, kMost));
}

}  // namespace imdsd::base
