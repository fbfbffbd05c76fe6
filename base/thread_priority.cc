// SPDX-License-Identifier: MIT
#include "base/thread_priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace imdsd::base {

void lower_thread_priority() noexcept {
  constexpr int kNice = 5;
  // Linux has one for each thread, by its id.
  const auto thread = static_cast<id_t>(::gettid());
  if (::getpriority(PRIO_PROCESS, thread) < kNice) ::setpriority(PRIO_PROCESS, thread, kNice);
}

}  // namespace imdsd::base
