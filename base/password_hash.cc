// SPDX-License-Identifier: MIT
#include "base/password_hash.h"

#include <argon2.h>
#include <array>
#include <cstddef>
#include <malloc.h>
#include <new>
#include <span>

namespace imdsd::base {
namespace {

constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

/// glibc raises the size from which on it maps memory to that of what was freed last (mallopt(3),
/// M_MMAP_THRESHOLD): the 19 MiB of the second password would stay with the thread that hashed it.
/// With a size of our own they go back to the system each time.
void give_memory_back() {
#ifdef M_MMAP_THRESHOLD
  constexpr int kMapped = 4 << 20;
  // Once, and glibc locks what it changes. NOLINTNEXTLINE(concurrency-mt-unsafe)
  [[maybe_unused]] static const int done = ::mallopt(M_MMAP_THRESHOLD, kMapped);
#endif
}

}  // namespace

std::string hash_password(std::string_view password, const PasswordCost& cost, Random& random) {
  give_memory_back();
  std::array<std::byte, kSaltBytes> salt{};
  random.fill(salt);
  std::string encoded(
      argon2_encodedlen(cost.passes, cost.memory_kib, kLanes, kSaltBytes, kHashBytes, Argon2_id),
      '\0');
  const int result =
      argon2id_hash_encoded(cost.passes, cost.memory_kib, kLanes, password.data(), password.size(),
                            salt.data(), salt.size(), kHashBytes, encoded.data(), encoded.size());
  // With valid parameters it fails for want of memory alone.
  if (result != ARGON2_OK) throw std::bad_alloc();
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool is_password(std::string_view password, const std::string& hash) {
  give_memory_back();
  return argon2id_verify(hash.c_str(), password.data(), password.size()) == ARGON2_OK;
}

}  // namespace imdsd::base
