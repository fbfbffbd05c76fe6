// SPDX-License-Identifier: MIT
#include "iam/embedded_data.h"

namespace imdsd::iam {

std::vector<std::string_view> split_fields(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  if (text.empty()) return out;
  while (true) {
    const std::size_t at = text.find(separator);
    out.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
  }
}

}  // namespace imdsd::iam
