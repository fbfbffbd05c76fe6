// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "aws/query_protocol.h"
#include "aws/sigv4.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto parameters = imdsd::aws::QueryParameters::parse(text)) {
    // The first of duplicates wins, so every name that was read is found.
    for (const auto& [name, value] : parameters->all()) {
      if (!parameters->get(name)) std::abort();
    }
    (void)parameters->list("Tags");
  }
  // A canonical query is its own canonical form.
  if (const auto once = imdsd::aws::canonical_query(text)) {
    const auto twice = imdsd::aws::canonical_query(*once);
    if (!twice || *twice != *once) std::abort();
  }
  (void)imdsd::aws::canonical_uri(text, imdsd::aws::PathRule::normalize_and_encode_twice);
  (void)imdsd::aws::canonical_uri(text, imdsd::aws::PathRule::verbatim);
  return 0;
}
