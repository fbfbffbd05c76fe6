// SPDX-License-Identifier: MIT
// No input opens under a key ring that it cannot know.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/random.h"
#include "sts/authorization_message.h"
#include "sts/key_ring.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static imdsd::base::RealRandom random;
  static const auto ring = imdsd::sts::KeyRing::generate(random, imdsd::base::SystemTime{});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (imdsd::sts::open_authorization_message(text, "123456789012", ring)) std::abort();
  return 0;
}
