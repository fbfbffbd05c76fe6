// SPDX-License-Identifier: MIT
// Any text is an entity or an error with a text; what was read is written and read the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "iam/entity_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace imdsd::iam;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  EntityDecoder decoder;
  for (const char* kind : {"account", "user", "group", "role", "policy", "instance-profile", "mfa",
                           "oidc", "saml", "other"}) {
    const auto entity = decoder.decode(kind, text);
    if (!entity) {
      if (entity.error().message.empty()) std::abort();
      continue;
    }
    const std::string written = encode_entity(*entity);
    const auto again = decoder.decode(kind, written);
    if (!again || encode_entity(*again) != written) std::abort();
  }
  return 0;
}
