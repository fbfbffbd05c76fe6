// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory_resource>
#include <optional>
#include <utility>
#include <vector>

namespace imdsd::base {

/// Where items with a hash stand in an array of the caller's: an open-addressed table of hashes and
/// places. A look-up among thousands meets two cache lines that the one before did not, that of the
/// hash and that of the item; the nodes of std::unordered_map make it four. Const members are
/// thread-safe.
class HashIndex {
 public:
  /// Without growing up to `items`, fewer than 2^31, in `memory`, which outlives it.
  explicit HashIndex(std::size_t items = 0,
                     std::pmr::memory_resource* memory = std::pmr::get_default_resource())
      : slots_(slots_for(items), memory) {}

  /// What the table of so many items takes.
  [[nodiscard]] static std::size_t bytes_for(std::size_t items) noexcept {
    return slots_for(items) * sizeof(Slot);
  }

  void add(std::size_t hash, std::size_t place) {
    if (slots_for(size_ + 1) > slots_.size()) grow();
    size_ += 1;
    put({fold(hash), static_cast<std::uint32_t>(place)});
  }

  /// The place that `is_it` takes, of those whose hash is like this one.
  template <class IsIt>
  [[nodiscard]] std::optional<std::size_t> find(std::size_t hash, IsIt is_it) const {
    const std::uint32_t folded = fold(hash);
    for (std::size_t at = folded & mask(); slots_[at].place != kFree; at = (at + 1) & mask()) {
      if (slots_[at].hash == folded && is_it(std::size_t{slots_[at].place})) {
        return slots_[at].place;
      }
    }
    return std::nullopt;
  }

 private:
  static constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t place = kFree;
  };

  /// A power of two, a third of it free at least, so that most look-ups end where they begin.
  [[nodiscard]] static std::size_t slots_for(std::size_t items) noexcept {
    return std::bit_ceil(items + items / 2 + 1);
  }
  [[nodiscard]] static std::uint32_t fold(std::size_t hash) noexcept {
    return static_cast<std::uint32_t>(hash ^ hash >> 32);
  }
  [[nodiscard]] std::size_t mask() const noexcept { return slots_.size() - 1; }

  void put(Slot slot) noexcept {
    std::size_t at = slot.hash & mask();
    while (slots_[at].place != kFree) at = (at + 1) & mask();
    slots_[at] = slot;
  }
  void grow() {
    std::pmr::vector<Slot> former(2 * slots_.size(), slots_.get_allocator());
    former.swap(slots_);
    for (const Slot& slot : former) {
      if (slot.place != kFree) put(slot);
    }
  }

  std::pmr::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace imdsd::base
