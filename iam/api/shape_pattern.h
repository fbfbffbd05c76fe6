// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "iam/api/parameters.h"

namespace imdsd::iam::api {

/// The regular expression of a shape in the API model: as errors print it, and as a function.
struct ShapePattern {
  std::string_view printed;
  bool (*matches)(std::string_view text);
};

/// Of shapes without one: everything matches.
[[nodiscard]] ShapePattern pattern_of(Shape shape);

/// U+0009, U+000A, U+000D and U+0020 to U+00FF, in UTF-8.
[[nodiscard]] bool is_document_text(std::string_view text);

}  // namespace imdsd::iam::api
