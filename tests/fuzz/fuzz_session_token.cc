// SPDX-License-Identifier: MIT
// No input opens under a key ring that it cannot know; as claims behind the seal, any input is
// refused or read.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/random.h"
#include "sts/key_ring.h"
#include "sts/session_claims_codec.h"
#include "sts/session_token.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static imdsd::base::RealRandom random;
  static const auto ring = imdsd::sts::KeyRing::generate(random, imdsd::base::SystemTime{});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (imdsd::sts::open_session_token(text, ring)) std::abort();
  (void)imdsd::sts::KeyRing::from_json(text);
  (void)imdsd::sts::decode_claims(text);
  return 0;
}
