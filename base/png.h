// SPDX-License-Identifier: MIT
// PNG (RFC 2083) as far as black and white needs it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace imdsd::base {

/// A square picture of one bit a pixel; `dark(row, column)` says which are black.
[[nodiscard]] std::string make_png(std::size_t width,
                                   const std::function<bool(std::size_t, std::size_t)>& dark);

}  // namespace imdsd::base
