// SPDX-License-Identifier: MIT
#include "cli/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <optional>
#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file_descriptor.h"
#include "cli/exec.h"

namespace imdsd::cli {
namespace {

/// Those that by default end a process and may be sent to ask something of it.
constexpr std::array kForwarded = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM};

sigset_t handled_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : kForwarded) ::sigaddset(&set, signal);
  ::sigaddset(&set, SIGCHLD);
  return set;
}

/// So that whoever waits for this process sees what became of the child; a core dump would be of
/// the wrong one.
[[noreturn]] void end_by_signal(int signal) {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  struct sigaction by_default {};
  by_default.sa_handler = SIG_DFL;
  ::sigaction(signal, &by_default, nullptr);
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  ::raise(signal);
  ::_exit(128 + signal);
}

/// The exit code, once the child has ended.
std::optional<int> reap(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, WNOHANG) != child) return std::nullopt;
  if (WIFSIGNALED(status)) end_by_signal(WTERMSIG(status));
  return WEXITSTATUS(status);
}

void forward(int signals, pid_t child) {
  signalfd_siginfo info{};
  while (::read(signals, &info, sizeof info) == sizeof info) {
    // The terminal sends its signals to the child as well, which is of the same group; what a
    // process sent came here only (sigaction(2): si_code).
    const bool sent = info.ssi_code <= 0;
    if (sent && info.ssi_signo != SIGCHLD) ::kill(child, static_cast<int>(info.ssi_signo));
  }
}

}  // namespace

int run_child(const std::vector<std::string>& command, const std::vector<std::string>& environment,
              int watched, const std::function<void()>& on_event) {
  const sigset_t handled = handled_signals();
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &handled, &before);
  const base::FileDescriptor signals(::signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK));
  const pid_t child = ::fork();
  if (child == 0) {
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::_exit(exec_command(command, environment));
  }
  if (child < 0 || !signals) {
    std::perror("imdsctl: cannot start a process");
    return 126;
  }
  while (true) {
    if (const auto code = reap(child)) return *code;
    std::array<pollfd, 2> waiting = {{{signals.get(), POLLIN, 0}, {watched, POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[0].revents != 0) forward(signals.get(), child);
    if (waiting[1].revents != 0) {
      watched = -1;  // poll() passes over it
      on_event();
    }
  }
}

}  // namespace imdsd::cli
