// SPDX-License-Identifier: MIT
#include "http/connection.h"

#include <sys/epoll.h>
#include <utility>

#include "http/event_loop.h"

namespace imdsd::http {
namespace {

/// Steps before other connections have their turn: a client that pipelines does not hold up the
/// rest.
constexpr int kStepsInATurn = 48;

}  // namespace

Connection::Connection(EventLoop& loop, Accepted accepted)
    : loop_(loop),
      channel_(std::move(accepted.fd)),
      tls_(std::move(accepted.tls)),
      slot_(std::move(accepted.slot)),
      service_(std::move(accepted.service)),
      adopted_(std::move(accepted.adopted)),
      peer_(accepted.peer),
      local_(accepted.local) {}

ServerCore& Connection::core() const {
  return loop_.core();
}

void Connection::start() {
  if (tls_) state_ = State::handshake;
  arm(tls_ ? Wait::handshake : Wait::idle);
}

void Connection::arm(Wait wait) {
  loop_.deadlines().arm(deadline_, *this, wait, loop_.now());
}

void Connection::on_events(std::uint32_t events) {
  if (state_ == State::closed) return;  // an event of the round in which it was closed
  if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) readable_ = true;
  if ((events & EPOLLRDHUP) != 0) half_closed_ = true;
  if ((events & EPOLLOUT) != 0) writable_ = true;
  if ((events & (EPOLLHUP | EPOLLERR)) != 0) gone_ = true;
  if ((state_ == State::delayed && gone_) ||
      (state_ == State::hanging && (gone_ || half_closed_))) {
    close();
    return;
  }
  if (state_ == State::blocked && (writable_ || gone_)) send_from_source();
  drive();
}

void Connection::drive() {
  int steps = 0;
  while (step()) {
    if (++steps == kStepsInATurn) {
      loop_.again(*this);
      break;
    }
  }
  if (state_ != State::closed) input_.park();
}

/// False when there is nothing to do before the next event.
bool Connection::step() {
  switch (state_) {
    case State::handshake:
      return step_handshake();
    case State::head:
      return step_head();
    case State::body:
      return step_body();
    case State::sending:
      return step_send();
    case State::lingering:
      return step_linger();
    default:
      return false;
  }
}

/// True when input_ has grown or may yet. Closes at the end of the stream: an unfinished request
/// has no answer.
bool Connection::receive() {
  if (!readable_) return false;
  bool drained = false;
  switch (input_.fill(channel_, loop_.scratch(), drained)) {
    case Transfer::State::done:
      // A short read empties the socket; a later byte is a new event, a close already told is not.
      readable_ = !drained || half_closed_;
      return true;
    case Transfer::State::again:
      return true;
    case Transfer::State::wants_read:
      readable_ = false;
      return false;
    case Transfer::State::wants_write:  // TLS answers something of its own
      watch_writable();
      return false;
    default:
      close();
      return false;
  }
}

void Connection::linger() {
  // Closing with unread input resets the connection, and a reset may overtake the answer
  // (RFC 9112 section 9.6).
  channel_.end_sending();
  exchange_.reset();
  state_ = State::lingering;
  readable_ = true;
  input_.consume(input_.view().size());
  arm(Wait::linger);
}

bool Connection::step_linger() {
  if (!receive()) return false;
  input_.consume(input_.view().size());
  return true;
}

void Connection::watch_writable() {
  if (std::exchange(watches_writable_, true)) return;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLOUT | EPOLLET;
  event.data.u64 = reinterpret_cast<std::uintptr_t>(this);
  ::epoll_ctl(loop_.epoll_fd(), EPOLL_CTL_MOD, channel_.fd(), &event);
}

void Connection::on_deadline() {
  const Wait wait = deadline_.wait.value_or(Wait::idle);
  loop_.deadlines().clear(deadline_);
  switch (wait) {
    case Wait::head:
    case Wait::body:
      refuse(408, "the request did not arrive in time");
      drive();
      return;
    case Wait::send:
      reset();  // an orderly close would leave the unsent rest in the kernel's memory
      return;
    default:
      close();
  }
}

void Connection::begin_drain() {
  if (state_ == State::closed) return;
  readable_ = true;  // a request may be in the socket, its event not seen yet
  drive();
  const bool idle = state_ == State::head && input_.view().empty();
  if (idle || state_ == State::handshake || state_ == State::hanging) close();
}

void Connection::break_off() {
  broken_off_ = true;
  if (state_ == State::running || state_ == State::reading) {
    channel_.break_off();  // ends the waits of the worker
  } else if (state_ != State::closed) {
    close();
  }
}

void Connection::reset() {
  channel_.abort();
  close();
}

void Connection::close() {
  if (std::exchange(state_, State::closed) == State::closed) return;
  loop_.deadlines().clear(deadline_);
  channel_.close();
  loop_.retire(*this);
}

}  // namespace imdsd::http
