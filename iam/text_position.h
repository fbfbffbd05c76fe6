// SPDX-License-Identifier: MIT
#pragma once

namespace imdsd::iam {

/// 1-based; columns count bytes.
struct TextPosition {
  unsigned line = 0, column = 0;
};

}  // namespace imdsd::iam
