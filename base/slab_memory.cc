// SPDX-License-Identifier: MIT
#include "base/slab_memory.h"

#include <algorithm>
#include <memory>
#include <new>
#include <sys/mman.h>

namespace imdsd::base {
namespace {

constexpr std::size_t kFirstSlab = 64UL * 1024;
constexpr std::size_t kHugePage = 2UL * 1024 * 1024;
static_assert(kFirstSlab > SlabMemory::kMaxBlock);

constexpr std::size_t rounded(std::size_t bytes) noexcept {
  return (std::max(bytes, std::size_t{1}) + SlabMemory::kAlignment - 1) &
         ~(SlabMemory::kAlignment - 1);
}

constexpr bool is_for_heap(std::size_t bytes, std::size_t alignment) noexcept {
  return SlabMemory::kHeapOnly || bytes > SlabMemory::kMaxBlock ||
         alignment > SlabMemory::kAlignment;
}

/// At a multiple of its size. A page of 2 MB needs 2 MB that nothing has touched: not the heap's.
void* map_aligned(std::size_t bytes) {
  void* const mapped =
      ::mmap(nullptr, 2 * bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  void* aligned = mapped;
  std::size_t space = 2 * bytes;
  std::align(bytes, bytes, aligned, space);
  if (space < 2 * bytes) ::munmap(mapped, 2 * bytes - space);
  if (space > bytes) ::munmap(static_cast<std::byte*>(aligned) + bytes, space - bytes);
  return aligned;
}

}  // namespace

/// Lies at the start of its memory.
struct alignas(SlabMemory::kAlignment) SlabMemory::Slab {
  Slab* former;
  std::size_t bytes;
};

SlabMemory::~SlabMemory() {
  while (slabs_ != nullptr) {
    Slab* const slab = slabs_;
    slabs_ = slab->former;
    ::munmap(slab, slab->bytes);
  }
}

void SlabMemory::add_slab() {
  const std::size_t bytes = slabs_ == nullptr ? kFirstSlab : std::min(2 * slabs_->bytes, kHugePage);
  void* const memory = map_aligned(bytes);
  // A kernel without such pages refuses: the slab is as good, and slower to read.
  if (bytes == kHugePage) ::madvise(memory, bytes, MADV_HUGEPAGE);
  slabs_ = new (memory) Slab{slabs_, bytes};
  unused_ = static_cast<std::byte*>(memory) + sizeof(Slab);
  unused_bytes_ = bytes - sizeof(Slab);
}

void* SlabMemory::do_allocate(std::size_t bytes, std::size_t alignment) {
  if (is_for_heap(bytes, alignment)) return ::operator new(bytes, std::align_val_t(alignment));
  const std::size_t size = rounded(bytes);
  const std::lock_guard lock(mutex_);
  FreeBlock*& free = free_[size / kAlignment];
  if (free != nullptr) {
    FreeBlock* const block = free;
    free = block->next;
    return block;
  }
  if (unused_bytes_ < size) add_slab();
  unused_ += size;
  unused_bytes_ -= size;
  return unused_ - size;
}

void SlabMemory::do_deallocate(void* block, std::size_t bytes, std::size_t alignment) {
  if (is_for_heap(bytes, alignment)) {
    ::operator delete(block, std::align_val_t(alignment));
    return;
  }
  const std::lock_guard lock(mutex_);
  FreeBlock*& free = free_[rounded(bytes) / kAlignment];
  free = new (block) FreeBlock{free};
}

SlabMemory& slab_memory() {
  static auto* const memory = new SlabMemory;
  return *memory;
}

}  // namespace imdsd::base
