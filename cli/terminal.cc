// SPDX-License-Identifier: MIT
#include "cli/terminal.h"

#include <cerrno>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "base/file_descriptor.h"

namespace imdsd::cli {
namespace {

using base::Errc;
using base::fail;
using base::Result;

constexpr std::size_t kMaxLine = 1024;

/// Byte by byte: what follows may be another reader's.
Result<base::Secret> read_line_of(int fd) {
  std::string line;
  line.reserve(kMaxLine);  // so that no copy of a secret is left behind
  char byte = 0;
  while (line.size() < kMaxLine) {
    const auto size = ::read(fd, &byte, 1);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0 || byte == '\n') break;
    line.push_back(byte);
  }
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return fail(Errc::unavailable, "nothing was typed");
  return base::Secret(std::move(line));
}

/// Echo off until it ends.
class Hidden {
 public:
  explicit Hidden(int fd) : fd_(fd), was_(::tcgetattr(fd, &before_) == 0) {
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (was_) ::tcsetattr(fd_, TCSAFLUSH, &quiet);
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;
  ~Hidden() {
    if (was_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }

 private:
  int fd_;
  termios before_{};
  bool was_;
};

Result<base::FileDescriptor> open_terminal(const std::string& prompt) {
  base::FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal) {
    return fail(Errc::unavailable,
                "there is no terminal to ask at: use --password-stdin and --mfa-code");
  }
  [[maybe_unused]] const auto size = ::write(terminal.get(), prompt.data(), prompt.size());
  return terminal;
}

}  // namespace

Result<std::string> ask_visible(const std::string& prompt) {
  IMDSD_TRY(const auto terminal, open_terminal(prompt));
  IMDSD_TRY(const auto line, read_line_of(terminal.get()));
  return std::string(line.reveal());
}

Result<base::Secret> ask_hidden(const std::string& prompt) {
  IMDSD_TRY(const auto terminal, open_terminal(prompt));
  auto line = [&] {
    const Hidden hidden(terminal.get());
    return read_line_of(terminal.get());
  }();
  [[maybe_unused]] const auto size = ::write(terminal.get(), "\n", 1);
  return line;
}

Result<base::Secret> read_line() {
  return read_line_of(STDIN_FILENO);
}

}  // namespace imdsd::cli
