// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/clock_real.h"
#include "http/body_budget.h"
#include "http/connection_slots.h"
#include "http/library_server.h"
#include "http/server.h"
#include "http/worker_pool.h"

namespace imdsd::http {

class EventLoop;
class ListenSocket;

/// What the threads of one server share. Loops and bound listeners are fixed before any thread
/// starts; adopted ones come and go with the loops.
struct ServerCore {
  explicit ServerCore(const ServerOptions& server_options)
      : options(server_options),
        library(options.clock != nullptr ? *options.clock : clock),
        slots(options.limits.max_connections),
        budget(options.limits.max_buffered_body_bytes),
        workers("http-worker", options.worker_threads, options.worker_queue),
        streamers("http-stream", options.stream_threads, options.worker_queue),
        senders("http-send", options.send_threads, options.limits.max_connections),
        waiters("http-wait", options.waiting_threads, options.worker_queue) {}

  const ServerOptions options;  // max_connections fitted to the open-files limit
  base::RealClock clock;        // for deadlines: epoll waits in real time
  LibraryServer library;
  ConnectionSlots slots;
  BodyBudget budget;
  WorkerPool workers;
  WorkerPool streamers;
  WorkerPool senders;  // a connection has one job there at most: never full
  WorkerPool waiters;
  std::atomic<bool> draining = false;
  std::vector<std::shared_ptr<ListenSocket>> listeners;
  std::vector<std::unique_ptr<EventLoop>> loops;
};

/// One thread's counters: only that thread writes, anyone reads.
struct alignas(64) LoopCounters {
  std::atomic<std::uint64_t> accepted = 0, refused = 0, requests = 0, bad_requests = 0;
  static void count(std::atomic<std::uint64_t>& counter) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
};

}  // namespace imdsd::http
