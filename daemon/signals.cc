// SPDX-License-Identifier: MIT
#include "daemon/signals.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include "daemon/files.h"

namespace imdsd::daemon {

base::Result<Signals> Signals::block() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, signal);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // A peer that goes away is an error of one write, not the end of the process.
  ::signal(SIGPIPE, SIG_IGN);
  base::FileDescriptor signals(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  base::FileDescriptor finished(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!signals || !finished) {
    return base::fail(base::Errc::unavailable, "cannot wait for signals: " + system_error(errno));
  }
  return Signals(std::move(signals), std::move(finished));
}

Signals::Event Signals::wait() {
  while (true) {
    std::array<pollfd, 2> fds{{{signals_.get(), POLLIN, 0}, {finished_.get(), POLLIN, 0}}};
    ::poll(fds.data(), fds.size(), -1);
    signalfd_siginfo info{};
    if (::read(signals_.get(), &info, sizeof info) == sizeof info) {
      return info.ssi_signo == SIGHUP ? Event::reload : Event::terminate;
    }
    std::uint64_t count = 0;
    if (::read(finished_.get(), &count, sizeof count) == sizeof count) return Event::finished;
  }
}

void Signals::finish() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(finished_.get(), &one, sizeof one);
}

}  // namespace imdsd::daemon
