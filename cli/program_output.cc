// SPDX-License-Identifier: MIT
#include "cli/program_output.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock_real.h"

namespace imdsd::cli {
namespace {

constexpr std::size_t kMaxOutput = 4096;

/// The child with `out` as its output, in a process group of its own; -1 on failure.
pid_t start(const std::vector<std::string>& command, int out) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
  // Wrappers (pyenv, snap) start further programs: what is killed later is the whole group.
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  pid_t pid = -1;
  const int error =
      ::posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? pid : -1;
}

/// Up to the end of the output; false when `deadline` came first.
bool read_until(int fd, base::SteadyTime deadline, std::string& out) {
  const base::RealClock clock;
  std::array<char, 1024> piece;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock.monotonic());
    pollfd poll_fd{fd, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&poll_fd, 1, static_cast<int>(left.count())) == 0) return false;
    const auto got = ::read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got == 0;
    if (out.size() < kMaxOutput) out.append(piece.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

std::optional<std::string> program_output(const std::vector<std::string>& command,
                                          std::chrono::milliseconds limit) {
  std::array<int, 2> ends;
  if (command.empty() || ::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  const pid_t pid = start(command, ends[1]);
  ::close(ends[1]);
  std::string out;
  const bool complete = pid > 0 && read_until(ends[0], base::RealClock().monotonic() + limit, out);
  ::close(ends[0]);
  if (pid > 0) {
    if (!complete) ::kill(-pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
  }
  if (!complete) return std::nullopt;
  return out;
}

}  // namespace imdsd::cli
