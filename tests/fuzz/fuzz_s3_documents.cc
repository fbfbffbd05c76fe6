// SPDX-License-Identifier: MIT
// The documents of requests to S3: no input may break a reader, and what is taken is in bounds.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "s3/address.h"
#include "s3/documents.h"
#include "s3/tags.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace imdsd::s3;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (const auto document = parse_delete(input)) {
    for (const auto& object : document->objects) {
      if (object.key.empty() || object.key.size() > kMaxKeyBytes) std::abort();
    }
  }
  if (const auto parts = parse_complete_multipart_upload(input)) {
    for (const auto& part : *parts) {
      if (part.part_number < 1 || part.part_number > 10'000) std::abort();
    }
  }
  for (const auto owner : {TagOwner::object, TagOwner::bucket}) {
    if (const auto tags = parse_tagging(input, owner); tags && !check_tags(*tags, owner)) {
      std::abort();
    }
  }
  if (const auto tags = parse_tagging_header(input); tags && tags->size() > 10) std::abort();
  (void)parse_create_bucket(input);
  (void)parse_public_access_block(input);
  (void)parse_ownership_controls(input);
  return 0;
}
