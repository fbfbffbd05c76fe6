// SPDX-License-Identifier: MIT
#include "base/slab_memory.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

struct Block {
  std::byte* memory;
  std::size_t bytes;
  std::byte mark;
};

Block make_block(SlabMemory& slabs, std::size_t bytes, std::byte mark) {
  auto* const memory = static_cast<std::byte*>(slabs.allocate(bytes, SlabMemory::kAlignment));
  std::memset(memory, static_cast<int>(mark), bytes);
  return {memory, bytes, mark};
}

bool holds_its_mark(const Block& block) {
  for (std::size_t i = 0; i < block.bytes; ++i) {
    if (block.memory[i] != block.mark) return false;
  }
  return true;
}

TEST(SlabMemory, BlocksOfAllSizesAreApart) {
  SlabMemory slabs;
  std::mt19937 random(1);
  std::uniform_int_distribution<std::size_t> sizes(1, SlabMemory::kMaxBlock + 4096);
  std::vector<Block> blocks;
  for (int i = 0; i < 4000; ++i) {
    blocks.push_back(make_block(slabs, sizes(random), static_cast<std::byte>(i)));
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(blocks.back().memory) % SlabMemory::kAlignment, 0U);
    if (i % 3 != 0) continue;
    Block& former = blocks[random() % blocks.size()];
    ASSERT_TRUE(holds_its_mark(former));
    slabs.deallocate(former.memory, former.bytes, SlabMemory::kAlignment);
    former = make_block(slabs, sizes(random), static_cast<std::byte>(~i));
  }
  for (const Block& block : blocks) {
    EXPECT_TRUE(holds_its_mark(block));
    slabs.deallocate(block.memory, block.bytes, SlabMemory::kAlignment);
  }
}

#ifndef IMDSD_SANITIZED  // there each block is of the heap
TEST(SlabMemory, WhatIsGivenBackServesTheNextOfItsSize) {
  SlabMemory slabs;
  void* const first = slabs.allocate(10000);
  void* const other = slabs.allocate(500);
  slabs.deallocate(first, 10000);
  EXPECT_NE(slabs.allocate(500), first);
  EXPECT_EQ(slabs.allocate(9990), first);
  EXPECT_NE(slabs.allocate(9990), first);
  slabs.deallocate(other, 500);
}

TEST(SlabMemory, ManyBlocksLieCloseTogether) {
  constexpr std::size_t kBlocks = 2000, kBytes = 10048, kHugePage = 2UL * 1024 * 1024;
  SlabMemory slabs;
  std::set<std::uintptr_t> pages;
  for (std::size_t i = 0; i < kBlocks; ++i) {
    pages.insert(reinterpret_cast<std::uintptr_t>(slabs.allocate(kBytes)) / kHugePage);
  }
  // Those of the small slabs of the beginning are beside what is needed.
  EXPECT_LE(pages.size(), kBlocks * kBytes / kHugePage + 8);
}

struct Made : InSlabs {
  char bytes[5000];
};

TEST(SlabMemory, HasWhatIsSaidToBeThere) {
  const auto is_where_the_next_is = [](const void* where, std::size_t bytes) {
    void* const next = slab_memory().allocate(bytes);
    slab_memory().deallocate(next, bytes);
    return next == where;
  };
  auto text = std::make_unique<SlabString>(3000, 'x');
  const void* where = text->data();
  text.reset();
  EXPECT_TRUE(is_where_the_next_is(where, 3001));
  auto made = std::make_unique<Made>();
  where = made.get();
  made.reset();
  EXPECT_TRUE(is_where_the_next_is(where, sizeof(Made)));
}

#endif  // IMDSD_SANITIZED

TEST(SlabMemory, ThreadsGiveBackWhatOthersTook) {
  SlabMemory slabs;
  std::vector<Block> blocks;
  for (int i = 0; i < 1000; ++i) blocks.push_back(make_block(slabs, 700, std::byte{1}));
  std::thread other([&] {
    for (Block& block : blocks) {
      ASSERT_TRUE(holds_its_mark(block));
      slabs.deallocate(block.memory, block.bytes, SlabMemory::kAlignment);
    }
  });
  std::vector<Block> more;
  for (int i = 0; i < 1000; ++i) more.push_back(make_block(slabs, 700, std::byte{2}));
  other.join();
  for (const Block& block : more) {
    EXPECT_TRUE(holds_its_mark(block));
    slabs.deallocate(block.memory, block.bytes, SlabMemory::kAlignment);
  }
}

TEST(SlabMemory, MakesStringsAndSharedValues) {
  const auto text = make_shared_in_slabs<const SlabString>(1000, 'x');
  const SlabString copy = *text;
  EXPECT_EQ(copy, *text);
  EXPECT_EQ(copy.size(), 1000U);
}

}  // namespace
}  // namespace imdsd::base
