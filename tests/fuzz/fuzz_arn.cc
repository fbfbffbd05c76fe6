// SPDX-License-Identifier: MIT
// An ARN that parses prints as it was read.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "aws/arn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto arn = imdsd::aws::Arn::parse(text);
  if (arn && arn->to_string() != text) std::abort();
  return 0;
}
