// SPDX-License-Identifier: MIT
#include "s3/upload_id.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/codec.h"

namespace imdsd::s3 {

std::string make_upload_id(base::SystemTime now, base::Random& random) {
  constexpr std::size_t kTimeBytes = 8;
  std::array<char, kTimeBytes + 32> bytes{};
  random.fill(std::as_writable_bytes(std::span(bytes)).subspan(kTimeBytes));
  auto time = static_cast<std::uint64_t>(now.time_since_epoch().count());
  for (std::size_t i = kTimeBytes; i-- > 0; time >>= 8) bytes[i] = static_cast<char>(time & 0xFF);
  return base::hex_encode({bytes.data(), bytes.size()});
}

}  // namespace imdsd::s3
