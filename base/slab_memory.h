// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>

namespace imdsd::base {

/// Memory for what there may be thousands of, lives long, and is read in turn. Blocks lie close
/// together in slabs that grow with their number, up to pages of 2 MB where the kernel has them
/// (madvise(2), MADV_HUGEPAGE): on ordinary pages, whoever reads another block each time waits for
/// the page tables as well. A few blocks take what they would from the heap. Thread-safe; the mutex
/// is held for some instructions, and for the system calls of a new slab.
///
/// What is given back serves blocks of the same size, within 64 bytes; it stays with the process.
class SlabMemory final : public std::pmr::memory_resource {
 public:
  SlabMemory() = default;
  ~SlabMemory() override;
  SlabMemory(const SlabMemory&) = delete;
  SlabMemory& operator=(const SlabMemory&) = delete;

  /// Larger blocks, and those with a larger alignment, come from the heap.
  static constexpr std::size_t kMaxBlock = 32UL * 1024, kAlignment = 64;
  /// Sanitizers see the overrun of a block, its use after its end, and its leak, on the heap alone.
#ifdef IMDSD_SANITIZED
  static constexpr bool kHeapOnly = true;
#else
  static constexpr bool kHeapOnly = false;
#endif

 private:
  struct FreeBlock {
    FreeBlock* next;
  };
  struct Slab;

  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* block, std::size_t bytes, std::size_t alignment) override;
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }
  void add_slab();  // mutex_ held

  std::mutex mutex_;
  std::array<FreeBlock*, kMaxBlock / kAlignment + 1> free_{};  // by their size
  Slab* slabs_ = nullptr;                                      // the last one first
  std::byte* unused_ = nullptr;                                // of the last slab
  std::size_t unused_bytes_ = 0;
};

/// The process's own. It never ends, so that what outlives main() may give back its blocks.
[[nodiscard]] SlabMemory& slab_memory();

/// slab_memory() for standard containers.
template <class T>
struct SlabAllocator {
  using value_type = T;
  SlabAllocator() = default;
  template <class U>
  // NOLINTNEXTLINE(google-explicit-constructor): allocators are made of each other
  SlabAllocator(const SlabAllocator<U>& /*other*/) noexcept {}

  [[nodiscard]] T* allocate(std::size_t count) {
    return static_cast<T*>(slab_memory().allocate(count * sizeof(T), alignof(T)));
  }
  void deallocate(T* block, std::size_t count) noexcept {
    slab_memory().deallocate(block, count * sizeof(T), alignof(T));
  }
  friend bool operator==(const SlabAllocator& /*a*/, const SlabAllocator& /*b*/) noexcept {
    return true;
  }
};

/// What std::make_shared() makes, in slab_memory().
template <class T, class... Args>
[[nodiscard]] std::shared_ptr<T> make_shared_in_slabs(Args&&... args) {
  return std::allocate_shared<T>(SlabAllocator<std::remove_const_t<T>>(),
                                 std::forward<Args>(args)...);
}

using SlabString = std::basic_string<char, std::char_traits<char>, SlabAllocator<char>>;

/// A class derived from it is made in slab_memory() by `new`. Its alignment is 64 at most.
struct InSlabs {
  static void* operator new(std::size_t bytes) {
    return slab_memory().allocate(bytes, SlabMemory::kAlignment);
  }
  static void operator delete(void* block, std::size_t bytes) noexcept {
    slab_memory().deallocate(block, bytes, SlabMemory::kAlignment);
  }
};

}  // namespace imdsd::base
