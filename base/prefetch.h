// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace imdsd::base {

/// Begins to bring `bytes` of memory into the cache, and does not wait for them. A hint: any
/// address will do, null too.
inline void prefetch(const void* memory, std::size_t bytes) noexcept {
  constexpr std::size_t kCacheLine = 64;
  const auto first = reinterpret_cast<std::uintptr_t>(memory);
  for (std::size_t at = 0; at < bytes; at += kCacheLine) {
    __builtin_prefetch(reinterpret_cast<const void*>(first + at));
  }
}

}  // namespace imdsd::base
