// SPDX-License-Identifier: MIT
#include "reach/command.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "base/clock_real.h"
#include "base/file_descriptor.h"

namespace imdsd::reach {
namespace {

using base::Errc;
using base::fail;
using base::FileDescriptor;
using base::Result;

std::string system_text(int error) {
  return std::generic_category().message(error);
}

/// Input that is there as a whole, so that no program can make us wait for it to read.
Result<FileDescriptor> input_of(const std::string& text) {
  FileDescriptor file(text.empty() ? ::open("/dev/null", O_RDONLY | O_CLOEXEC)
                                   : ::memfd_create("input", MFD_CLOEXEC));
  if (!file) return fail(Errc::unavailable, "no descriptor is left: " + system_text(errno));
  if (text.empty()) return file;
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::lseek(file.get(), 0, SEEK_SET) != 0) {
    return fail(Errc::unavailable, "no memory is left: " + system_text(errno));
  }
  return file;
}

struct Descriptors {
  int input, output, keep_open;
};

/// The child's process id, or the error as a negative number.
pid_t spawn(const std::string& program, const std::vector<std::string>& words, Descriptors fds) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, fds.input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, fds.output, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, fds.output, STDERR_FILENO);
  // dup2 onto itself clears FD_CLOEXEC (POSIX, posix_spawn_file_actions_adddup2).
  if (fds.keep_open >= 0) {
    ::posix_spawn_file_actions_adddup2(&actions, fds.keep_open, fds.keep_open);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  // Wrappers (pyenv, snap) start further programs: what is killed later is the whole group.
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  const int error =
      ::posix_spawnp(&pid, program.c_str(), &actions, &attributes, arguments.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? pid : -error;
}

/// PATH of a plain user has no folders for administration.
pid_t spawn_anywhere(const std::vector<std::string>& words, Descriptors fds) {
  pid_t pid = spawn(words[0], words, fds);
  for (const char* folder : {"/usr/sbin/", "/sbin/"}) {
    if (pid != -ENOENT || words[0].find('/') != std::string::npos) break;
    pid = spawn(folder + words[0], words, fds);
  }
  return pid;
}

/// Up to the end of the output; false when `deadline` came first.
bool read_until(int fd, base::SteadyTime deadline, std::size_t limit, std::string& out) {
  const base::RealClock clock;
  std::array<char, 4096> piece;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock.monotonic());
    pollfd poll_fd{fd, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&poll_fd, 1, static_cast<int>(left.count())) == 0) return false;
    const auto got = ::read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got == 0;
    const auto room = limit - std::min(limit, out.size());
    out.append(piece.data(), std::min(room, static_cast<std::size_t>(got)));
  }
}

Result<CommandOutput> write_value(const Command& command) {
  const FileDescriptor file(::open(command.file.c_str(), O_WRONLY | O_CLOEXEC));
  if (file && ::write(file.get(), command.input.data(), command.input.size()) ==
                  static_cast<ssize_t>(command.input.size())) {
    return CommandOutput{};
  }
  return fail(Errc::unavailable, "`" + command.file + "`: " + system_text(errno));
}

}  // namespace

std::string to_text(const Command& command) {
  if (!command.file.empty()) return "echo " + command.input + " >" + command.file;
  std::string out;
  for (const auto& word : command.arguments) out += (out.empty() ? "" : " ") + word;
  if (!command.input.empty()) out += " <<'END'\n" + command.input + "END";
  return out;
}

Result<CommandOutput> run_command(const Command& command, CommandLimits limits, int keep_open) {
  if (!command.file.empty()) return write_value(command);
  std::array<int, 2> ends;
  if (command.arguments.empty()) return fail(Errc::invalid_argument, "there is no program to run");
  IMDSD_TRY(const auto input, input_of(command.input));
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(Errc::unavailable, "no descriptor is left: " + system_text(errno));
  }
  const FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  const auto& name = command.arguments[0];
  const auto deadline = base::RealClock().monotonic() + limits.time;
  const pid_t pid = spawn_anywhere(command.arguments, {input.get(), writing.get(), keep_open});
  writing.reset();
  if (pid < 0) {
    return fail(pid == -ENOENT ? Errc::not_found : Errc::unavailable,
                "`" + name + "` cannot be started: " + system_text(-pid));
  }
  CommandOutput out;
  const bool complete = read_until(reading.get(), deadline, limits.bytes, out.text);
  if (!complete) ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!complete) return fail(Errc::unavailable, "`" + name + "` took too long, and was ended");
  out.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return out;
}

}  // namespace imdsd::reach
