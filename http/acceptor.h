// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/file_descriptor.h"
#include "http/listen_socket.h"

namespace imdsd::http {

class EventLoop;

/// Accepts for one event loop, and hands connections to a loop that has fewer. When there are too
/// many connections, or no descriptor is left, a new one is answered 503, under TLS nothing, and
/// closed; a descriptor is held in reserve for that.
class Acceptor {
 public:
  explicit Acceptor(EventLoop& loop);

  /// Accepts on this listener, too, from now on.
  void add(std::shared_ptr<ListenSocket> listener);
  /// And no more; events of the current round may still name it, up to forget_removed().
  void remove(const ListenSocket& listener);
  void forget_removed() { removed_.clear(); }
  void stop();
  /// Stops for good: takes the connections that the kernel has accepted already (closing the
  /// listeners would reset them), then closes the listeners. What others listen on is left to them.
  void finish();
  /// `listener` has something to accept.
  void on_ready(const ListenSocket& listener);
  /// Starts again what had to pause.
  void on_time();
  /// When on_time() is due.
  [[nodiscard]] std::optional<base::SteadyTime> resume_at() const noexcept { return resume_at_; }

 private:
  enum class Outcome { accepted, none, exhausted };
  [[nodiscard]] Outcome accept_many(const ListenSocket& listener, int most);
  [[nodiscard]] Outcome accept_one(const ListenSocket& listener);
  [[nodiscard]] Outcome refuse_with_reserve(const ListenSocket& listener);
  void place(Accepted accepted);
  void refuse(const Accepted& accepted);
  void start();
  void watch(const ListenSocket& listener);
  void pause();
  void hold_reserve();

  EventLoop& loop_;
  std::vector<std::shared_ptr<ListenSocket>> listeners_, removed_;
  base::FileDescriptor reserve_;
  std::optional<base::SteadyTime> resume_at_;
  bool exhausted_ = false;  // told once, until a connection is accepted again
};

}  // namespace imdsd::http
