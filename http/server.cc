// SPDX-License-Identifier: MIT
#include "http/server.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <sys/resource.h>
#include <utility>

#include "base/task_group.h"
#include "http/event_loop.h"
#include "http/listen_socket.h"
#include "http/server_core.h"

namespace imdsd::http {
namespace {

/// Descriptors that are not for connections: listeners, epoll sets, files, logs.
constexpr rlim_t kOtherDescriptors = 64;
/// A connection's socket, and the file that its answer is read from.
constexpr rlim_t kDescriptorsEach = 2;

/// Raises the soft limit of open files to the hard one; the soft one when that fails.
rlim_t raise_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

ServerOptions fitted(ServerOptions options) {
  const rlim_t files = raise_open_files();
  const rlim_t free = files > 2 * kOtherDescriptors ? files - kOtherDescriptors : files / 2;
  const rlim_t most = free / kDescriptorsEach;
  options.limits.max_connections = static_cast<std::size_t>(
      std::clamp<rlim_t>(options.limits.max_connections, 1, std::max<rlim_t>(most, 1)));
  options.event_threads = std::max(options.event_threads, 1u);
  return options;
}

}  // namespace

class Server::Impl {
 public:
  explicit Impl(const ServerOptions& options) : core_(fitted(options)) {}

  base::Result<base::SocketAddress> bind(const Listener& listener) {
    IMDSD_TRY_VOID(make_loops());
    IMDSD_TRY(auto socket, ListenSocket::open(listener));
    const auto address = socket->address();
    core_.slots.add_service(socket->service(), listener.address.has_value());
    core_.listeners.push_back(std::move(socket));
    return address.value_or(base::SocketAddress{});
  }

  base::Result<AdoptedListener> adopt(base::FileDescriptor fd, const Listener& listener) {
    IMDSD_TRY(auto socket, ListenSocket::adopt(std::move(fd), listener));
    const std::lock_guard lock(mutex_);
    if (stop_requested_) return base::fail(base::Errc::unavailable, "the server stops");
    IMDSD_TRY_VOID(make_loops());
    core_.slots.add_service(socket->service(), socket->address().has_value());
    for (const auto& loop : core_.loops) loop->add_listener(socket);
    const AdoptedListener adopted{++last_adopted_, socket->address()};
    adopted_.emplace(adopted.id, std::move(socket));
    return adopted;
  }

  void drop(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    const auto found = adopted_.find(id);
    if (found == adopted_.end()) return;
    found->second->drop();
    for (const auto& loop : core_.loops) loop->drop_listener(found->second);
    adopted_.erase(found);
  }

  void run(const std::stop_token& stop) {
    if (core_.loops.empty()) return;
    base::TaskGroup threads;
    for (std::size_t i = 0; i < core_.loops.size(); ++i) {
      threads.spawn("http-event-" + std::to_string(i),
                    [loop = core_.loops[i].get()](std::stop_token) { loop->run(); });
    }
    {
      std::unique_lock lock(mutex_);
      stopped_.wait(lock, stop, [this] { return stop_requested_; });
    }
    core_.draining.store(true);
    for (const auto& loop : core_.loops) loop->post([] {});
    threads.join();
    core_.workers.stop();
    core_.streamers.stop();
    core_.senders.stop();
    core_.waiters.stop();
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stop_requested_ = true;
    }
    stopped_.notify_all();
  }

  ServerStats stats() const {
    ServerStats stats;
    for (const auto& loop : core_.loops) {
      const LoopCounters& counters = std::as_const(*loop).counters();
      stats.connections_accepted += counters.accepted.load(std::memory_order_relaxed);
      stats.connections_refused += counters.refused.load(std::memory_order_relaxed);
      stats.requests += counters.requests.load(std::memory_order_relaxed);
      stats.bad_requests += counters.bad_requests.load(std::memory_order_relaxed);
    }
    stats.connections_open = core_.slots.open();
    return stats;
  }

  bool responds_within(std::chrono::milliseconds time) const {
    struct Roll {
      std::mutex mutex;
      std::condition_variable changed;
      std::size_t missing;
    };
    const auto roll = std::make_shared<Roll>();  // a late thread finds it, too
    roll->missing = core_.loops.size();
    for (const auto& loop : core_.loops) {
      loop->post([roll] {
        const std::lock_guard lock(roll->mutex);
        if (--roll->missing == 0) roll->changed.notify_one();
      });
    }
    std::unique_lock lock(roll->mutex);
    return roll->changed.wait_for(lock, time, [&] { return roll->missing == 0; });
  }

  bool responds() {
    bool all = true;
    for (const auto& loop : core_.loops) all = loop->responds() && all;
    return all;
  }

 private:
  base::Result<void> make_loops() {
    while (core_.loops.size() < core_.options.event_threads) {
      IMDSD_TRY(auto loop, EventLoop::create(core_));
      core_.loops.push_back(std::move(loop));
    }
    return {};
  }

  ServerCore core_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  bool stop_requested_ = false;                                     // guarded by mutex_
  std::map<std::uint64_t, std::shared_ptr<ListenSocket>> adopted_;  // guarded by mutex_
  std::uint64_t last_adopted_ = 0;                                  // guarded by mutex_
};

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(options)) {}

Server::~Server() = default;

base::Result<base::SocketAddress> Server::bind(const Listener& listener) {
  return impl_->bind(listener);
}

base::Result<AdoptedListener> Server::adopt(base::FileDescriptor socket, const Listener& listener) {
  return impl_->adopt(std::move(socket), listener);
}

void Server::drop(std::uint64_t id) {
  impl_->drop(id);
}

void Server::run(std::stop_token stop) {
  impl_->run(stop);
}

void Server::stop() {
  impl_->stop();
}

bool Server::responds() {
  return impl_->responds();
}

bool Server::responds_within(std::chrono::milliseconds time) const {
  return impl_->responds_within(time);
}

ServerStats Server::stats() const {
  return impl_->stats();
}

}  // namespace imdsd::http
