// SPDX-License-Identifier: MIT
#include "reach/kernel_control.h"

#include "base/codec.h"
#include "reach/look.h"

namespace imdsd::reach {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

sigset_t signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : kSignals) ::sigaddset(&set, signal);
  return set;
}

}  // namespace

KernelControl::~KernelControl() {
  if (held_) ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

base::Result<void> KernelControl::prepare() {
  const auto set = signals();
  held_ = ::pthread_sigmask(SIG_BLOCK, &set, &before_) == 0;
  return file_.lock();
}

Machine KernelControl::look() {
  return look_at_machine();
}

base::Result<void> KernelControl::execute(const Command& command) {
  IMDSD_TRY(const auto output, run_command(command, {}, file_.lock_descriptor()));
  if (output.status == 0) return {};
  auto text = output.text;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return base::fail(base::Errc::unavailable, "`" + to_text(command) + "` ended with " +
                                                 std::to_string(output.status) +
                                                 (text.empty() ? "" : ": " + text));
}

bool KernelControl::interrupted() {
  sigset_t pending;
  if (::sigpending(&pending) != 0) return false;
  for (const int signal : kSignals) {
    if (::sigismember(&pending, signal) == 1) return true;
  }
  return false;
}

Machine DryControl::look() {
  return look_at_machine();
}

}  // namespace imdsd::reach
