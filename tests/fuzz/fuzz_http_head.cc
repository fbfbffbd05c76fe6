// SPDX-License-Identifier: MIT
// Whatever comes before the last byte of an accepted head is an incomplete head, never another
// accepted one.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/head_scanner.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using imdsd::http::HeadScan;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const HeadScan scan = imdsd::http::scan_head(bytes, {});
  if (scan.state == HeadScan::State::refused && (scan.status < 400 || scan.reason.empty()))
    std::abort();
  if (scan.state != HeadScan::State::complete) return 0;
  if (scan.head.size == 0 || scan.head.size > size) std::abort();
  const HeadScan shorter = imdsd::http::scan_head(bytes.substr(0, scan.head.size - 1), {});
  if (shorter.state != HeadScan::State::incomplete) std::abort();
  return 0;
}
