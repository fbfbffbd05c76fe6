// SPDX-License-Identifier: MIT
#include "daemon/notify.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file_descriptor.h"

namespace imdsd::daemon {
namespace {

std::optional<std::uint64_t> number(const std::optional<std::string>& text) {
  std::uint64_t value = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return value;
}

/// One line, because a line end begins the next assignment.
std::string one_line(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

}  // namespace

Notifier::Notifier(const base::Environment& environment)
    : socket_(base::find_variable(environment, "NOTIFY_SOCKET").value_or("")) {
  const auto pid = number(base::find_variable(environment, "WATCHDOG_PID"));
  const auto interval = number(base::find_variable(environment, "WATCHDOG_USEC"));
  const bool ours = !pid || *pid == static_cast<std::uint64_t>(::getpid());
  if (ours && interval && *interval > 1 && *interval < INT64_MAX) {
    watchdog_interval_ = std::chrono::microseconds(static_cast<std::int64_t>(*interval / 2));
  }
}

void Notifier::ready(std::string_view status) const {
  send("READY=1\nSTATUS=" + one_line(status));
}

void Notifier::reloading(base::SteadyTime now) const {
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.time_since_epoch().count()));
}

void Notifier::stopping() const {
  send("STOPPING=1\nSTATUS=draining");
}
void Notifier::watchdog() const {
  send("WATCHDOG=1");
}

void Notifier::send(const std::string& message) const {
  sockaddr_un address{};
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // an abstract socket
  const base::FileDescriptor fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  [[maybe_unused]] const auto sent =
      ::sendto(fd.get(), message.data(), message.size(), MSG_NOSIGNAL,
               reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace imdsd::daemon
