// SPDX-License-Identifier: MIT
// What parses names services, and no more of them than descriptors are taken.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/lent_listeners.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using imdsd::daemon::LendRequest;
  const auto request =
      LendRequest::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (request &&
      (request->services.empty() || request->services.size() > LendRequest::kMaxServices)) {
    std::abort();
  }
  return 0;
}
