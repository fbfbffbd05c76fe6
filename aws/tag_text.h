// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace imdsd::aws {

/// What the models' pattern of tags matches, whose length is counted apart:
/// [\p{L}\p{Z}\p{N}_.:/=+\-@]*. Letters, separators and numbers are those of Unicode, in UTF-8; a
/// combining mark (M) is none, nor is an emoji (So).
[[nodiscard]] bool is_tag_text(std::string_view text) noexcept;

/// As errors print it.
inline constexpr std::string_view kTagKeyPattern = R"([\p{L}\p{Z}\p{N}_.:/=+\-@]+)";
inline constexpr std::string_view kTagValuePattern = R"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)";

}  // namespace imdsd::aws
