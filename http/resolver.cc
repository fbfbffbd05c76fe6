// SPDX-License-Identifier: MIT
#include "http/resolver.h"

#include <ares.h>
#include <cstring>
#include <memory>
#include <poll.h>
#include <sys/time.h>
#include <vector>

#include "http/client_connection.h"
#include "http/sockaddr.h"

namespace imdsd::http {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using std::chrono::milliseconds;

constexpr int kTries = 2;

struct Answer {
  bool done = false;
  int status = ARES_ETIMEOUT;
  std::vector<base::IpAddress> addresses;
};

struct DestroyChannel {
  void operator()(ares_channel channel) const { ares_destroy(channel); }
};
using Channel = std::unique_ptr<std::remove_pointer_t<ares_channel>, DestroyChannel>;

void take_answer(void* into, int status, int /*timeouts*/, ares_addrinfo* info) {
  auto& answer = *static_cast<Answer*>(into);
  answer.done = true;
  answer.status = status;
  for (auto* node = info == nullptr ? nullptr : info->nodes; node; node = node->ai_next) {
    KernelAddress address;
    std::memcpy(&address.storage, node->ai_addr, node->ai_addrlen);
    if (const auto socket = from_kernel(address)) answer.addresses.push_back(socket->ip);
  }
  if (info != nullptr) ares_freeaddrinfo(info);
}

/// What the channel waits for, as it says itself.
using Sockets = std::vector<pollfd>;

void note_socket(void* into, ares_socket_t socket, int readable, int writable) {
  auto& sockets = *static_cast<Sockets*>(into);
  std::erase_if(sockets, [&](const pollfd& each) { return each.fd == socket; });
  short events = 0;
  if (readable != 0) events |= POLLIN;
  if (writable != 0) events |= POLLOUT;
  if (events != 0) sockets.push_back({socket, events, 0});
}

/// `sockets` outlives the channel.
Result<Channel> make_channel(milliseconds timeout, Sockets& sockets) {
  static const int initialized = ares_library_init(ARES_LIB_INIT_ALL);
  ares_options options{};
  options.timeout = static_cast<int>(timeout.count() / kTries);
  options.tries = kTries;
  options.sock_state_cb = note_socket;
  options.sock_state_cb_data = &sockets;
  ares_channel channel = nullptr;
  constexpr int kOptions = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
  const int made =
      initialized != ARES_SUCCESS ? initialized : ares_init_options(&channel, &options, kOptions);
  if (made != ARES_SUCCESS) return fail(Errc::unavailable, ares_strerror(made));
  return Channel(channel);
}

/// Waits for one of the channel's sockets, or for the time at which it wants to try again.
void wait_and_process(ares_channel channel, Sockets sockets, milliseconds left) {
  timeval most{left.count() / 1000, left.count() % 1000 * 1000};
  timeval next{};
  const timeval* const wait = ares_timeout(channel, &most, &next);
  const auto wait_ms = static_cast<int>(wait->tv_sec * 1000 + (wait->tv_usec + 999) / 1000);
  if (::poll(sockets.data(), sockets.size(), wait_ms) <= 0) {
    ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    return;
  }
  for (const pollfd& each : sockets) {
    const short got = each.revents;
    if (got == 0) continue;
    ares_process_fd(channel, (got & ~POLLOUT) != 0 ? each.fd : ARES_SOCKET_BAD,
                    (got & POLLOUT) != 0 ? each.fd : ARES_SOCKET_BAD);
  }
}

}  // namespace

Result<std::vector<base::IpAddress>> resolve(const std::string& host, milliseconds timeout) {
  const Countdown countdown(timeout);
  Answer answer;  // outlives the channel, which reports to both even when it is destroyed
  Sockets sockets;
  auto channel = make_channel(timeout, sockets);
  if (!channel) return base::fail_in("resolving `" + host + "`", std::move(channel).error());
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  ares_getaddrinfo(channel->get(), host.c_str(), nullptr, &hints, take_answer, &answer);
  while (!answer.done && countdown.left().count() > 0) {
    wait_and_process(channel->get(), sockets, countdown.left());
  }
  if (!answer.done) ares_cancel(channel->get());
  if (answer.status == ARES_SUCCESS && !answer.addresses.empty()) return answer.addresses;
  const int status = answer.status == ARES_ECANCELLED ? ARES_ETIMEOUT : answer.status;
  return fail(Errc::unavailable,
              "resolving `" + host +
                  "`: " + (status == ARES_SUCCESS ? "it has no address" : ares_strerror(status)));
}

}  // namespace imdsd::http
