// SPDX-License-Identifier: MIT
// Connection, the way out: from the answer to bytes.
#include <algorithm>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/socket.h>
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
  // Who has left while a worker had the request is not told of again.
  if ((orders.hang && (gone_ || half_closed_)) || (orders.delay.count() > 0 && gone_)) {
    close();
  } else if (orders.hang) {
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
  if (exchange_->answer.response.source) {
    send_from_source();
  } else {
    state_ = State::sending;
  }
}

/// The kernel sends a lost answer again with the limit that the socket has then: the limit of an
/// answer stays until the peer has all of it.
bool Connection::hop_limit_may_change(int wanted) const {
  const bool raises = hop_limit_ != -1 && (wanted == -1 || wanted > hop_limit_);
  return !raises || unacknowledged(channel_.fd()) == 0;
}

bool Connection::set_hop_limit(int wanted) {
  if (wanted == hop_limit_ || !peer_.address) return true;
  hop_limit_ = wanted;
  // SocketAddress holds an IPv4-mapped peer as IPv4, but listeners take one family only.
  return peer_.address->ip.is_v6()
             ? ::setsockopt(channel_.fd(), IPPROTO_IPV6, IPV6_UNICAST_HOPS, &wanted,
                            sizeof wanted) == 0
             : ::setsockopt(channel_.fd(), IPPROTO_IP, IP_TTL, &wanted, sizeof wanted) == 0;
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

void Connection::send_from_source() {
  loop_.deadlines().clear(deadline_);
  state_ = State::reading;
  writable_ = false;
  input_.park();
  const bool submitted = core().senders.submit([this] {
    const SendTurn turn = http::send_from_source(channel_, exchange_->answer);
    loop_.post([this, turn] { on_turn_over(turn); });
  });
  if (!submitted) reset();
}

void Connection::on_turn_over(SendTurn turn) {
  if (broken_off_ || turn == SendTurn::failed) {
    reset();  // the client must not take the part for the whole
    return;
  }
  if (turn == SendTurn::done) {
    readable_ = true;
    finish_answer();
    drive();
    return;
  }
  // The first watch tells at once whether the peer takes bytes again; later ones told meanwhile.
  watch_writable();
  if (turn == SendTurn::over || writable_) {
    send_from_source();
  } else {
    state_ = State::blocked;
    arm(Wait::send);
  }
}

/// What needs no decision of the event thread goes out before that thread has woken up. Whatever
/// goes wrong, it meets again with the rest.
void Connection::send_from_worker() {
  Answer& answer = exchange_->answer;
  const base::HttpOrders& orders = answer.response.orders;
  // The listener is told before its loops are, which break the connection off.
  const bool dropped = adopted_ && adopted_->dropped();
  const bool as_it_is = !dropped && !orders.hang && !orders.reset && orders.delay.count() == 0 &&
                        !orders.hop_limit && hop_limit_ == -1;
  if (!as_it_is || answer.response.source) return;
  exchange_->drop_body();
  const Transfer sent = send_rest();
  if (sent.state == Transfer::State::done) answer.sent += sent.bytes;
}

Transfer Connection::send_rest() {
  const Answer& answer = exchange_->answer;
  const std::size_t head_sent = std::min(answer.sent, answer.head.size());
  const std::size_t body_sent = answer.sent - head_sent;
  const std::string_view body(answer.response.body.data(), answer.body_size);
  return channel_.send(std::string_view(answer.head).substr(head_sent), body.substr(body_sent));
}

bool Connection::step_send() {
  Answer& answer = exchange_->answer;
  while (answer.sent < answer.size()) {
    const Transfer sent = send_rest();
    switch (sent.state) {
      case Transfer::State::done:
        answer.sent += sent.bytes;
        if (deadline_.wait == Wait::send) arm(Wait::send);
        break;
      case Transfer::State::wants_write:
        watch_writable();
        [[fallthrough]];
      case Transfer::State::wants_read:
        if (deadline_.wait != Wait::send) arm(Wait::send);
        return false;
      default:
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
