// SPDX-License-Identifier: MIT
// Connection, the way out: from the answer to bytes.
#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

#include "http/connection.h"
#include "http/event_loop.h"

namespace imdsd::http {
namespace {

constexpr std::chrono::milliseconds kAcknowledgementPoll{10};

/// Bytes that the peer has not acknowledged, those not yet sent included.
int unacknowledged(int fd) {
  int bytes = 0;
  return ::ioctl(fd, SIOCOUTQ, &bytes) == 0 ? bytes : 1;
}

}  // namespace

void Connection::respond(base::HttpResponse response) {
  exchange_->answer =
      core().library.exchange(exchange_->terms, [&response] { return std::move(response); });
  deliver();
}

void Connection::deliver() {
  const base::HttpOrders& orders = exchange_->answer.response.orders;
  if (orders.hang) {
    state_ = State::hanging;
    arm(Wait::idle);
  } else if (orders.delay.count() > 0) {
    state_ = State::delayed;
    loop_.deadlines().clear(deadline_);
    loop_.deadlines().delay(deadline_, *this, core().clock.monotonic() + orders.delay);
  } else {
    start_answer();
  }
}

void Connection::on_delay_over() {
  loop_.deadlines().clear(deadline_);
  start_answer();
  drive();
}

void Connection::start_answer() {
  const base::HttpOrders& orders = exchange_->answer.response.orders;
  if (orders.reset) {
    reset();
    return;
  }
  const int wanted = orders.hop_limit ? std::clamp(*orders.hop_limit, 1, 255) : -1;
  if (!hop_limit_may_change(wanted)) {
    wait_for_acknowledgement();
    return;
  }
  give_up_at_.reset();
  if (!set_hop_limit(wanted)) {
    reset();  // rather no answer than one that goes too far
    return;
  }
  if (exchange_->answer.response.producer) {
    start_producer();
  } else {
    state_ = State::sending;
  }
}

/// The kernel sends a lost answer again with the limit that the socket has then: the limit of an
/// answer stays until the peer has all of it.
bool Connection::hop_limit_may_change(int wanted) const {
  const bool raises = hop_limit_ != -1 && (wanted == -1 || wanted > hop_limit_);
  return !raises || unacknowledged(fd_.get()) == 0;
}

bool Connection::set_hop_limit(int wanted) {
  if (wanted == hop_limit_ || !peer_.address) return true;
  hop_limit_ = wanted;
  // SocketAddress holds an IPv4-mapped peer as IPv4, but listeners take one family only.
  return peer_.address->ip.is_v6()
             ? ::setsockopt(fd_.get(), IPPROTO_IPV6, IPV6_UNICAST_HOPS, &wanted, sizeof wanted) == 0
             : ::setsockopt(fd_.get(), IPPROTO_IP, IP_TTL, &wanted, sizeof wanted) == 0;
}

/// Only a client that sends its next request before it has the answer comes here; one that is too
/// far away to get the answer never has the next.
void Connection::wait_for_acknowledgement() {
  const base::SteadyTime now = core().clock.monotonic();
  if (!give_up_at_) give_up_at_ = now + core().options.limits.send_timeout;
  if (now >= *give_up_at_) {
    close();
    return;
  }
  state_ = State::delayed;
  loop_.deadlines().clear(deadline_);
  loop_.deadlines().delay(deadline_, *this, now + kAcknowledgementPoll);
}

void Connection::start_producer() {
  loop_.deadlines().clear(deadline_);
  state_ = State::producing;
  input_.park();
  const bool submitted = core().streamers.submit([this] {
    const bool sent =
        send_produced(fd_.get(), exchange_->answer, core().options.limits.send_timeout);
    loop_.post([this, sent] {
      readable_ = true;
      if (sent && !broken_off_) {
        finish_answer();
        drive();
      } else {
        reset();  // the client must not take the part for the whole
      }
    });
  });
  if (!submitted) reset();
}

/// What sendmsg() says: bytes that went out in one send, or -1.
long Connection::send_rest() {
  Answer& answer = exchange_->answer;
  const std::size_t head_sent = std::min(answer.sent, answer.head.size());
  const std::size_t body_sent = answer.sent - head_sent;
  std::array<iovec, 2> parts{
      iovec{answer.head.data() + head_sent, answer.head.size() - head_sent},
      iovec{answer.response.body.data() + body_sent, answer.body_size - body_sent}};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  return ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool Connection::step_send() {
  Answer& answer = exchange_->answer;
  while (answer.sent < answer.size()) {
    const long sent = send_rest();
    if (sent >= 0) {
      answer.sent += static_cast<std::size_t>(sent);
      if (deadline_.wait == Wait::send) arm(Wait::send);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      watch_writable();
      if (deadline_.wait != Wait::send) arm(Wait::send);
      return false;
    } else if (errno != EINTR) {
      close();
      return false;
    }
  }
  finish_answer();
  return true;
}

void Connection::finish_answer() {
  if (exchange_->answer.close || core().draining.load()) {
    if (lingers_) {
      linger();
    } else {
      close();
    }
    return;
  }
  exchange_.reset();
  state_ = State::head;
  arm(Wait::idle);
}

}  // namespace imdsd::http
