// SPDX-License-Identifier: MIT
// What a document may be before a parser sees it. libxml2 works for a time that grows with the
// square of the attributes of an element, and canonicalization with that of the namespaces in
// scope; and a document type is where entities come from.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace imdsd::xml {

struct Bounds {
  std::size_t bytes;
  std::size_t elements;
  std::size_t depth = 64;
  std::size_t attributes = 64;  // of one element, namespaces included
};

/// UTF-8 without document type, within `bounds`. Reads tags, comments, CDATA sections and
/// processing instructions; whether they are well-formed is the parser's to tell.
[[nodiscard]] base::Result<void> check_bounds(std::string_view xml, const Bounds& bounds);

}  // namespace imdsd::xml
