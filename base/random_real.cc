// SPDX-License-Identifier: MIT
#include <array>
#include <climits>
#include <cstdlib>
#include <cstring>

#include <openssl/rand.h>

#include "base/random.h"

namespace imdsd::base {

std::uint64_t Random::next_u64() {
  std::array<std::byte, sizeof(std::uint64_t)> bytes;
  fill(bytes);
  std::uint64_t value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

double Random::uniform01() {
  return static_cast<double>(next_u64() >> 11) * 0x1.0p-53;
}

void RealRandom::fill(std::span<std::byte> out) {
  while (!out.empty()) {
    const std::size_t piece = out.size() < INT_MAX ? out.size() : INT_MAX;
    if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(piece)) != 1) {
      std::abort();  // no entropy: nothing that follows could be trusted
    }
    out = out.subspan(piece);
  }
}

}  // namespace imdsd::base
