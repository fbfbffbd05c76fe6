// SPDX-License-Identifier: MIT
#include "http/event_loop.h"

#include <algorithm>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

#include "http/sockaddr.h"

namespace imdsd::http {
namespace {

constexpr std::size_t kScratchBytes = 64 * 1024;
constexpr std::size_t kEventsInARound = 256;
/// How long a closing connection listens, so that the peer can read the answer before a reset.
constexpr std::chrono::milliseconds kLinger{2000};

Deadlines::Durations durations(const Limits& limits) {
  return {limits.handshake_timeout, limits.idle_timeout, limits.head_timeout,
          limits.body_timeout,      limits.send_timeout, kLinger};
}

}  // namespace

base::Result<std::unique_ptr<EventLoop>> EventLoop::create(ServerCore& core) {
  std::unique_ptr<EventLoop> loop(new EventLoop(core));
  epoll_event event{};
  event.events = EPOLLIN;
  if (!loop->epoll_ || !loop->wake_ ||
      ::epoll_ctl(loop->epoll_.get(), EPOLL_CTL_ADD, loop->wake_.get(), &event) != 0) {
    return base::fail(base::Errc::unavailable, "event loop: " + error_text(errno));
  }
  return loop;
}

EventLoop::EventLoop(ServerCore& core)
    : core_(core),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      acceptor_(std::make_unique<Acceptor>(*this)),
      deadlines_(durations(core.options.limits)),
      now_(core.clock.monotonic()),
      scratch_(kScratchBytes) {}

EventLoop::~EventLoop() {
  for (Connection* connection : connections_) delete connection;
}

void EventLoop::run() {
  std::array<epoll_event, kEventsInARound> events;
  for (const auto& listener : core_.listeners) acceptor_->add(listener);
  while (!draining_ || !connections_.empty() || connections() != 0) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                   wait_milliseconds());
    now_ = core_.clock.monotonic();
    for (int i = 0; i < count; ++i) {
      const std::uint64_t data = events[static_cast<std::size_t>(i)].data.u64;
      if (data == 0) {
        run_tasks();
      } else if ((data & 1u) != 0) {
        acceptor_->on_ready(*reinterpret_cast<const ListenSocket*>(data & ~std::uint64_t{1}));
      } else {
        reinterpret_cast<Connection*>(data)->on_events(events[static_cast<std::size_t>(i)].events);
      }
    }
    run_again();
    run_deadlines();
    retired_.clear();
    acceptor_->forget_removed();
    if (core_.draining.load(std::memory_order_acquire) && !draining_) begin_drain();
  }
}

int EventLoop::wait_milliseconds() const {
  if (!again_.empty()) return 0;
  auto next = deadlines_.next();
  const auto consider = [&](const std::optional<base::SteadyTime>& time) {
    if (time && (!next || *time < *next)) next = time;
  };
  consider(acceptor_->resume_at());
  consider(drain_deadline_);
  if (!next) return -1;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*next - now_).count();
  return static_cast<int>(std::clamp<std::int64_t>(wait, 0, 60'000));
}

void EventLoop::run_tasks() {
  std::uint64_t value = 0;
  (void)!::read(wake_.get(), &value, sizeof value);
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  for (const auto& task : tasks) task();
}

void EventLoop::run_again() {
  // Those that ask for another turn now get it in the next round.
  std::vector<Connection*> turns;
  turns.swap(again_);
  for (Connection* connection : turns) connection->drive();
}

void EventLoop::run_deadlines() {
  while (Connection* connection = deadlines_.expired(now_)) connection->on_deadline();
  while (Connection* connection = deadlines_.delay_over(now_)) connection->on_delay_over();
  if (const auto resume = acceptor_->resume_at(); resume && *resume <= now_) acceptor_->on_time();
  if (drain_deadline_ && *drain_deadline_ <= now_) end_drain();
}

void EventLoop::begin_drain() {
  draining_ = true;
  acceptor_->finish();
  drain_deadline_ = now_ + core_.options.limits.drain_timeout;
  const std::vector<Connection*> all(connections_.begin(), connections_.end());
  for (Connection* connection : all) connection->begin_drain();
  retired_.clear();
}

void EventLoop::end_drain() {
  drain_deadline_.reset();
  break_off([](const Connection&) { return true; });
}

void EventLoop::break_off(const std::function<bool(const Connection&)>& which) {
  const std::vector<Connection*> all(connections_.begin(), connections_.end());
  for (Connection* connection : all) {
    if (which(*connection)) connection->break_off();
  }
}

void EventLoop::post(std::function<void()> task) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = tasks_.empty();
    tasks_.push_back(std::move(task));
  }
  if (!first) return;  // whoever posted first has woken the loop
  const std::uint64_t one = 1;
  (void)!::write(wake_.get(), &one, sizeof one);
}

bool EventLoop::responds() {
  if (!responded_.exchange(false)) return false;
  post([this] { responded_ = true; });
  return true;
}

void EventLoop::adopt(Accepted accepted) {
  // Counted at once, or a burst of accepts would all go to the loop that seems empty.
  size_.fetch_add(1, std::memory_order_relaxed);
  auto shared = std::make_shared<Accepted>(std::move(accepted));
  post([this, shared] {
    size_.fetch_sub(1, std::memory_order_relaxed);
    add(std::move(*shared));
  });
}

void EventLoop::add_listener(std::shared_ptr<ListenSocket> listener) {
  post([this, added = std::move(listener)] {
    // A loop that drains has stopped to accept; a listener may be dropped before it is served.
    if (!draining_ && !added->dropped()) acceptor_->add(added);
  });
}

void EventLoop::drop_listener(std::shared_ptr<ListenSocket> listener) {
  post([this, dropped = std::move(listener)] {
    acceptor_->remove(*dropped);
    break_off([&](const Connection& each) { return each.adopted_by() == dropped.get(); });
  });
}

void EventLoop::add(Accepted accepted) {
  if (accepted.adopted && accepted.adopted->dropped()) return;
  auto connection = std::make_unique<Connection>(*this, std::move(accepted));
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
  event.data.u64 = reinterpret_cast<std::uintptr_t>(connection.get());
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection->fd(), &event) != 0) {
    return;
  }
  size_.fetch_add(1, std::memory_order_relaxed);
  Connection* const added = connection.release();
  connections_.insert(added);
  added->start();
  if (draining_) added->begin_drain();
}

void EventLoop::retire(Connection& connection) {
  connections_.erase(&connection);
  std::erase(again_, &connection);
  size_.fetch_sub(1, std::memory_order_relaxed);
  retired_.emplace_back(&connection);
}

}  // namespace imdsd::http
