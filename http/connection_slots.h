// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>

#include "http/server.h"

namespace imdsd::http {

/// How many connections may be open. One service of several never holds more than three quarters of
/// all, so that clients of one cannot lock out the others'; connections on Unix sockets, which have
/// an operator at the other end, always find a place. Services are told apart by their names.
/// Thread-safe.
class ConnectionSlots {
  struct Share {
    std::string service;
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

  /// Before its first connection. Names beyond kMaxServices share the last place's.
  void add_service(const Service& service, bool limited) {
    const std::lock_guard lock(adding_);
    const std::size_t size = size_.load(std::memory_order_relaxed);
    if (find(service, size) != nullptr || size == kMaxServices) return;
    Share& share = shares_[size];
    share.service = service.name;
    share.limited = limited;
    if (limited) limited_services_.fetch_add(1, std::memory_order_relaxed);
    size_.store(size + 1, std::memory_order_release);
  }

  /// Empty when all places that this service may have are taken.
  [[nodiscard]] Slot take(const Service& service) {
    const std::size_t size = size_.load(std::memory_order_acquire);
    if (Share* const share = find(service, size)) return take(*share);
    return size == 0 ? Slot() : take(shares_[size - 1]);
  }

  [[nodiscard]] std::size_t open() const noexcept { return open_.load(std::memory_order_relaxed); }

 private:
  [[nodiscard]] Slot take(Share& share) {
    const std::size_t all = open_.fetch_add(1, std::memory_order_relaxed);
    const std::size_t own = share.open.fetch_add(1, std::memory_order_relaxed);
    Slot slot(*this, share);
    const std::size_t most =
        limited_services_.load(std::memory_order_relaxed) > 1 ? max_ - max_ / 4 : max_;
    if (share.limited && (all >= max_ || own >= most)) return {};
    return slot;
  }

  [[nodiscard]] Share* find(const Service& service, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      if (shares_[i].service == service.name) return &shares_[i];
    }
    return nullptr;
  }

  static constexpr std::size_t kMaxServices = 16;  // far more than a daemon has
  const std::size_t max_;
  std::mutex adding_;
  std::array<Share, kMaxServices> shares_;  // the first size_ do not change but for their counts
  std::atomic<std::size_t> size_ = 0, limited_services_ = 0, open_ = 0;
};

}  // namespace imdsd::http
