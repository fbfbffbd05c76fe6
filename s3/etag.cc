// SPDX-License-Identifier: MIT
#include "s3/etag.h"

namespace imdsd::s3 {

std::string quoted_etag(std::string_view etag) {
  return "\"" + std::string(etag) + "\"";
}

std::string_view unquoted_etag(std::string_view text) noexcept {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return text;
  return text.substr(1, text.size() - 2);
}

}  // namespace imdsd::s3
