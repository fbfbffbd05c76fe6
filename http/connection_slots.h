// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <utility>

namespace imdsd::http {

struct Service;

/// How many connections may be open. One service of several never holds more than three quarters of
/// all, so that clients of one cannot lock out the others'; connections on Unix sockets, which have
/// an operator at the other end, always find a place. add_service() comes before any thread; the
/// rest is thread-safe.
class ConnectionSlots {
  struct Share {
    const Service* service = nullptr;
    bool limited = true;
    std::atomic<std::size_t> open = 0;
  };

 public:
  /// A connection's place; given back when destroyed.
  class Slot {
   public:
    Slot() = default;
    Slot(Slot&& other) noexcept
        : slots_(std::exchange(other.slots_, nullptr)), share_(other.share_) {}
    Slot& operator=(Slot&& other) noexcept {
      std::swap(slots_, other.slots_);
      std::swap(share_, other.share_);
      return *this;
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() {
      if (slots_ == nullptr) return;
      share_->open.fetch_sub(1, std::memory_order_relaxed);
      slots_->open_.fetch_sub(1, std::memory_order_relaxed);
    }
    [[nodiscard]] explicit operator bool() const noexcept { return slots_ != nullptr; }

   private:
    friend class ConnectionSlots;
    Slot(ConnectionSlots& slots, Share& share) : slots_(&slots), share_(&share) {}
    ConnectionSlots* slots_ = nullptr;
    Share* share_ = nullptr;
  };

  explicit ConnectionSlots(std::size_t max) : max_(max) {}

  void add_service(const Service& service, bool limited) {
    for (const Share& share : shares_) {
      if (share.service == &service) return;
    }
    Share& share = shares_.emplace_back();
    share.service = &service;
    share.limited = limited;
    if (limited) ++limited_services_;
  }

  /// Empty when all places that this service may have are taken.
  [[nodiscard]] Slot take(const Service& service) {
    for (Share& share : shares_) {
      if (share.service == &service) return take(share);
    }
    return {};
  }

  [[nodiscard]] std::size_t open() const noexcept { return open_.load(std::memory_order_relaxed); }

 private:
  [[nodiscard]] Slot take(Share& share) {
    const std::size_t all = open_.fetch_add(1, std::memory_order_relaxed);
    const std::size_t own = share.open.fetch_add(1, std::memory_order_relaxed);
    Slot slot(*this, share);
    const std::size_t most = limited_services_ > 1 ? max_ - max_ / 4 : max_;
    if (share.limited && (all >= max_ || own >= most)) return {};
    return slot;
  }

  const std::size_t max_;
  std::size_t limited_services_ = 0;
  std::deque<Share> shares_;  // one a service: stable addresses
  std::atomic<std::size_t> open_ = 0;
};

}  // namespace imdsd::http
