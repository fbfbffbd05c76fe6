// SPDX-License-Identifier: MIT
#include "http/acceptor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <utility>

#include "base/log.h"
#include "http/event_loop.h"

namespace imdsd::http {
namespace {

constexpr int kAcceptsInARow = 64;
/// How many wait in the kernel's queue at most: net.core.somaxconn of current kernels.
constexpr int kMaxWaiting = 4096;
/// A connection moves to another loop only when this one has so many more: moving costs a wake-up.
constexpr std::size_t kImbalance = 4;
constexpr std::chrono::milliseconds kPause{100};

bool out_of_descriptors(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Acceptor::Acceptor(EventLoop& loop) : loop_(loop) {
  hold_reserve();
}

void Acceptor::hold_reserve() {
  if (!reserve_) reserve_ = base::FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

void Acceptor::watch(const ListenSocket& listener) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLEXCLUSIVE;
  // Connections are told from listeners by the lowest bit of the pointer.
  event.data.u64 = reinterpret_cast<std::uintptr_t>(&listener) | 1u;
  ::epoll_ctl(loop_.epoll_fd(), EPOLL_CTL_ADD, listener.fd(), &event);
}

void Acceptor::add(std::shared_ptr<ListenSocket> listener) {
  if (!resume_at_) watch(*listener);
  listeners_.push_back(std::move(listener));
}

void Acceptor::remove(const ListenSocket& listener) {
  const auto found = std::find_if(listeners_.begin(), listeners_.end(),
                                  [&](const auto& each) { return each.get() == &listener; });
  if (found == listeners_.end()) return;
  ::epoll_ctl(loop_.epoll_fd(), EPOLL_CTL_DEL, listener.fd(), nullptr);
  removed_.push_back(std::move(*found));
  listeners_.erase(found);
}

void Acceptor::start() {
  for (const auto& listener : listeners_) watch(*listener);
}

void Acceptor::stop() {
  for (const auto& listener : listeners_) {
    ::epoll_ctl(loop_.epoll_fd(), EPOLL_CTL_DEL, listener->fd(), nullptr);
  }
  resume_at_.reset();
}

void Acceptor::pause() {
  stop();
  resume_at_ = loop_.now() + kPause;
}

void Acceptor::on_time() {
  resume_at_.reset();
  hold_reserve();
  start();
}

void Acceptor::on_ready(const ListenSocket& listener) {
  if (resume_at_) return;  // paused by an earlier event of the same round
  if (accept_many(listener, kAcceptsInARow) == Outcome::exhausted) pause();
}

void Acceptor::finish() {
  stop();
  for (const auto& listener : listeners_) {
    if (listener->shared()) continue;
    (void)accept_many(*listener, kMaxWaiting);
    listener->close();
  }
}

Acceptor::Outcome Acceptor::accept_many(const ListenSocket& listener, int most) {
  Outcome outcome = Outcome::accepted;
  for (int i = 0; i < most && outcome == Outcome::accepted; ++i) outcome = accept_one(listener);
  return outcome;
}

Acceptor::Outcome Acceptor::accept_one(const ListenSocket& listener) {
  Accepted accepted = listener.accept();
  if (!accepted.fd) {
    const int error = errno;
    if (out_of_descriptors(error)) return refuse_with_reserve(listener);
    // Errors of one connection (RFC 793 resets, Linux's pending network errors) are not the
    // listener's.
    if (error == EAGAIN || error == EWOULDBLOCK) return Outcome::none;
    if (error == EINVAL || error == EBADF) return Outcome::none;  // closed: the server stops
    return Outcome::accepted;
  }
  exhausted_ = false;
  hold_reserve();
  LoopCounters::count(loop_.counters().accepted);
  accepted.slot = loop_.core().slots.take(*accepted.service);
  if (accepted.slot) {
    place(std::move(accepted));
  } else {
    refuse(accepted);
  }
  return Outcome::accepted;
}

Acceptor::Outcome Acceptor::refuse_with_reserve(const ListenSocket& listener) {
  if (!std::exchange(exhausted_, true)) {
    base::log_warn("out of file descriptors: new connections are answered 503",
                   {{"service", listener.service().name}});
  }
  if (!reserve_) return Outcome::exhausted;
  reserve_.reset();
  Outcome outcome = Outcome::exhausted;
  if (const Accepted accepted = listener.accept(); accepted.fd) {
    LoopCounters::count(loop_.counters().accepted);
    refuse(accepted);
    outcome = Outcome::accepted;
  } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
    outcome = Outcome::none;
  }
  hold_reserve();
  return reserve_ ? outcome : Outcome::exhausted;
}

void Acceptor::place(Accepted accepted) {
  EventLoop* target = &loop_;
  if (loop_.core().draining.load(std::memory_order_relaxed)) {
    loop_.add(std::move(accepted));  // the others may have ended
    return;
  }
  std::size_t fewest = loop_.connections();
  for (const auto& other : loop_.core().loops) {
    if (other->connections() + kImbalance < fewest) {
      target = other.get();
      fewest = other->connections();
    }
  }
  if (target == &loop_) {
    loop_.add(std::move(accepted));
  } else {
    target->adopt(std::move(accepted));
  }
}

void Acceptor::refuse(const Accepted& accepted) {
  LoopCounters::count(loop_.counters().refused);
  if (accepted.tls) return;  // a handshake would cost more than there is
  const AnswerTerms terms{.keep_alive = false};
  Answer answer = loop_.core().library.exchange(terms, [&] {
    return server_answer(503, "too many connections", accepted.service->server_header);
  });
  answer.head += answer.response.body;
  const int fd = accepted.fd.get();
  (void)!::send(fd, answer.head.data(), answer.head.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::shutdown(fd, SHUT_WR);
  // What is unread when the socket closes turns the close into a reset, which may overtake the
  // answer.
  std::array<char, 4096> unread;
  (void)!::recv(fd, unread.data(), unread.size(), MSG_DONTWAIT);
}

}  // namespace imdsd::http
