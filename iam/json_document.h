// SPDX-License-Identifier: MIT
// JSON with positions, so that what is wrong with a policy can be pointed at.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "iam/text_position.h"

namespace imdsd::iam {

struct JsonNode {
  enum class Kind { object, array, string, number, boolean, null } kind = Kind::null;
  std::string text;  // of a string its value; of a number, true, false, null as written
  std::vector<std::pair<std::string, JsonNode>> members;  // in the order written, names unique
  std::vector<JsonNode> items;
  TextPosition position;             // of its first character
  TextPosition end;                  // behind its last character; objects, lists and strings only
  std::size_t offset = 0, size = 0;  // bytes, quotes included; of the same

  // Defined where the type is complete: clang 14 looks into the vector of pairs before it is.
  JsonNode();
  JsonNode(const JsonNode&);
  JsonNode(JsonNode&&) noexcept;
  JsonNode& operator=(const JsonNode&);
  JsonNode& operator=(JsonNode&&) noexcept;
  ~JsonNode();

  [[nodiscard]] const JsonNode* find(std::string_view name) const;
};

struct JsonError {
  std::string message;  // lower case, no full stop
  TextPosition position;
};

inline constexpr std::size_t kMaxJsonDepth = 32;

/// RFC 8259 in valid UTF-8. Refused as well: two members of one name, nesting deeper than
/// kMaxJsonDepth, NUL.
[[nodiscard]] tl::expected<JsonNode, JsonError> parse_json(std::string_view text);

}  // namespace imdsd::iam
