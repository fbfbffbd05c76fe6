// SPDX-License-Identifier: MIT
#include "iam/policy_literal.h"

#include <cstddef>

namespace imdsd::iam {

std::string policy_literal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool opens = c == '$' && text.substr(i + 1).starts_with('{');
    if (c == '*' || c == '?' || opens) {
      out.append("${").append(1, c).append("}");
    } else {
      out += c;
    }
  }
  return out;
}

std::string resource_literal(std::string_view action, std::string_view arn) {
  return action.starts_with("s3:") ? policy_literal(arn) : std::string(arn);
}

}  // namespace imdsd::iam
