// SPDX-License-Identifier: MIT
// Any text is an error that says so, or a ledger that prints to what reads back as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/instance_ledger.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using imdsd::daemon::InstanceLedger;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto ledger = InstanceLedger::parse(text);
  if (!ledger) {
    if (ledger.error().message.empty()) std::abort();
    return 0;
  }
  const auto again = InstanceLedger::parse(ledger->print());
  if (!again || *again != *ledger) std::abort();
  return 0;
}
