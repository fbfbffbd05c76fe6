// SPDX-License-Identifier: MIT
#include "daemon/lent_listeners.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/log.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;

constexpr int kPauseMilliseconds = 100;  // when the process has no descriptor left

std::string reply(const char* name, const nlohmann::json& value) {
  const nlohmann::json json = {{name, value}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

void send_reply(int fd, const std::string& text) {
  // A lender that has no room for a line does not read, and will find the connection closed.
  (void)!::send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void take_descriptors(msghdr& message, std::vector<base::FileDescriptor>& out) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
      out.emplace_back(fd);
    }
  }
}

}  // namespace

Result<LendRequest> LendRequest::parse(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return fail(Errc::invalid_argument, "not a JSON object");
  LendRequest out;
  for (const auto& [name, value] : json.items()) {
    if (name == "instance" && value.is_string()) {
      out.instance = value.get<std::string>();
    } else if (name == "services" && value.is_array() && value.size() <= kMaxServices) {
      for (const auto& each : value) {
        if (!each.is_string()) return fail(Errc::invalid_argument, "`services` must be strings");
        out.services.push_back(each.get<std::string>());
      }
    } else {
      return fail(Errc::invalid_argument, "unknown or unreadable member `" + name + "`");
    }
  }
  if (out.services.empty()) return fail(Errc::invalid_argument, "`services` names none");
  return out;
}

struct LentListeners::Lender {
  base::FileDescriptor connection;
  unsigned pid = 0;
  std::string text;                               // of the request, so far
  std::vector<base::FileDescriptor> descriptors;  // that came along
  std::vector<std::uint64_t> lent;                // ids of the server
};

Result<std::unique_ptr<LentListeners>> LentListeners::open(const std::string& path,
                                                           const AdminAccess& access,
                                                           http::Server& server, Offer offer) {
  auto service = std::make_shared<http::Service>();
  service->name = "lent";
  http::Listener listener;
  listener.unix_path = http::UnixSocketPath{path, access.group() ? 0660U : 0600U, access.group()};
  listener.service = std::move(service);
  IMDSD_TRY(auto socket, http::ListenSocket::open(listener));
  std::unique_ptr<LentListeners> lent(
      new LentListeners(std::move(socket), access, server, std::move(offer)));
  if (!lent->wake_) return fail(Errc::unavailable, "no descriptor for an eventfd is left");
  return lent;
}

LentListeners::LentListeners(std::shared_ptr<http::ListenSocket> socket, const AdminAccess& access,
                             http::Server& server, Offer offer)
    : socket_(std::move(socket)),
      access_(access),
      server_(server),
      offer_(std::move(offer)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

LentListeners::~LentListeners() = default;

void LentListeners::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] {
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
  });
  std::vector<pollfd> waiting;
  bool exhausted = false;
  while (!stop.stop_requested()) {
    const short listening = exhausted ? 0 : POLLIN;
    waiting = {{wake_.get(), POLLIN, 0}, {socket_->fd(), listening, 0}};
    for (const auto& lender : lenders_) waiting.push_back({lender->connection.get(), POLLIN, 0});
    if (::poll(waiting.data(), waiting.size(), exhausted ? kPauseMilliseconds : -1) < 0) continue;
    exhausted = false;
    for (std::size_t i = lenders_.size(); i-- > 0;) {
      if (waiting[i + 2].revents == 0 || hear(*lenders_[i])) continue;
      give_up(*lenders_[i]);
      lenders_.erase(lenders_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (waiting[1].revents != 0) exhausted = !admit();
  }
  for (const auto& lender : lenders_) give_up(*lender);
  lenders_.clear();
}

bool LentListeners::admit() {
  http::Accepted accepted = socket_->accept();
  if (!accepted.fd) return errno != EMFILE && errno != ENFILE;
  auto reason = access_.refuse(accepted.peer);
  if (!reason && lenders_.size() >= kMaxLenders) reason = "too many processes lend listeners";
  if (reason) {
    send_reply(accepted.fd.get(), reply("error", *reason));
    return true;
  }
  auto lender = std::make_unique<Lender>();
  lender->connection = std::move(accepted.fd);
  lender->pid = accepted.peer.unix_credentials->pid;
  lenders_.push_back(std::move(lender));
  return true;
}

/// False when the lender is done with: it has gone, or was refused.
bool LentListeners::hear(Lender& lender) {
  std::array<char, LendRequest::kMaxBytes> bytes;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * LendRequest::kMaxServices)> control;
  iovec piece{bytes.data(), bytes.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t size =
      ::recvmsg(lender.connection.get(), &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  take_descriptors(message, lender.descriptors);
  // One request a connection: what comes behind it can only be a mistake.
  if (size == 0 || !lender.lent.empty()) return false;
  lender.text.append(bytes.data(), static_cast<std::size_t>(size));
  const auto end = lender.text.find('\n');
  const bool too_much = (message.msg_flags & MSG_CTRUNC) != 0 ||
                        lender.text.size() > LendRequest::kMaxBytes ||
                        lender.descriptors.size() > LendRequest::kMaxServices;
  if (end == std::string::npos && !too_much) return true;
  const auto taken = too_much ? fail(Errc::invalid_argument, "too long, or too many descriptors")
                              : take(lender, std::string_view(lender.text).substr(0, end));
  send_reply(lender.connection.get(),
             taken ? reply("listen", *taken) : reply("error", taken.error().message));
  return taken.has_value();
}

/// All of the sockets or none: what has been taken by an error is given up with the lender.
Result<std::vector<std::string>> LentListeners::take(Lender& lender, std::string_view line) {
  IMDSD_TRY(const auto request, LendRequest::parse(line));
  auto descriptors = std::exchange(lender.descriptors, {});
  if (descriptors.size() != request.services.size()) {
    return fail(Errc::invalid_argument, std::to_string(request.services.size()) +
                                            " services, but " + std::to_string(descriptors.size()) +
                                            " descriptors came along");
  }
  std::vector<std::string> listen;
  for (std::size_t i = 0; i < descriptors.size(); ++i) {
    IMDSD_TRY(const auto listener, offer_(request.services[i], request.instance));
    IMDSD_TRY(const auto adopted, server_.adopt(std::move(descriptors[i]), listener));
    lender.lent.push_back(adopted.id);
    listen.push_back(adopted.address ? adopted.address->to_string() : "unix");
  }
  base::log_info("listeners lent", {{"pid", lender.pid},
                                    {"instance", request.instance},
                                    {"listen", nlohmann::json(listen).dump()}});
  return listen;
}

void LentListeners::give_up(Lender& lender) {
  for (const auto id : lender.lent) server_.drop(id);
  if (!lender.lent.empty()) base::log_info("lent listeners given back", {{"pid", lender.pid}});
}

std::string lent_listeners_path(const std::string& admin_socket) {
  constexpr std::string_view kSuffix = ".sock";
  const std::string_view stem = admin_socket;
  return std::string(stem.substr(0, stem.size() - (stem.ends_with(kSuffix) ? kSuffix.size() : 0))) +
         ".fds";
}

}  // namespace imdsd::daemon
