// SPDX-License-Identifier: MIT
// No input is a token of an authority whose key it cannot know.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/random.h"
#include "imds/token.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static imdsd::base::RealRandom random;
  static const imdsd::imds::TokenAuthority tokens("i-0a1b2c3d4e5f60718", random);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (tokens.remaining(text, imdsd::base::SteadyTime{})) std::abort();
  return 0;
}
