// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "iam/condition_keys.h"
#include "iam/literal_start.h"

namespace imdsd::iam {

/// How a text of a policy is read.
struct GlobSyntax {
  bool wildcards = true;     // `*` any run, `?` one character
  bool variables = false;    // ${key}, ${key, 'default'}, ${*}, ${?}, ${$}; version 2012-10-17 only
  bool ignore_case = false;  // ASCII
};

/// A text with wildcards and policy variables, compiled. Value type.
///
/// Matching takes time linear in pattern and text, but for pieces between two stars that have a `?`
/// in them: those cost the text times the piece.
class Glob {
 public:
  Glob() = default;  // matches the empty text
  /// Errc::invalid_argument: a variable that is not closed, or that names nothing.
  [[nodiscard]] static base::Result<Glob> compile(std::string_view text, GlobSyntax syntax);
  [[nodiscard]] static Glob anything();

  /// A variable whose key is absent, or has several values and no default, makes the pattern match
  /// nothing. What a variable stands for is taken literally: its wildcards are characters.
  [[nodiscard]] bool matches(std::string_view text, const ConditionKeys& keys) const;
  /// For patterns without variables.
  [[nodiscard]] bool matches(std::string_view text) const {
    if (!starts(text)) return false;
    if (shape_ == Shape::literal) return text.size() == start_.size();
    return shape_ == Shape::prefix || matches_rest(text);
  }
  [[nodiscard]] bool has_variables() const noexcept;

  /// The literal text that it starts with, up to its first wildcard or variable.
  [[nodiscard]] const std::string& start() const noexcept { return start_.text(); }
  /// Nothing but start().
  [[nodiscard]] bool is_literal() const noexcept { return shape_ == Shape::literal; }
  /// start() and one star.
  [[nodiscard]] bool is_prefix() const noexcept { return shape_ == Shape::prefix; }

 private:
  /// Nearly all patterns are of the first two, which need no more than a comparison.
  enum class Shape { literal, prefix, general };
  class Compiler;
  struct Rest;

  [[nodiscard]] bool starts(std::string_view text) const {
    return ignore_case_ ? starts_ignoring_case(text) : start_.starts(text);
  }
  [[nodiscard]] bool starts_ignoring_case(std::string_view text) const;
  [[nodiscard]] bool matches_rest(std::string_view text) const;

  LiteralStart start_;  // in lower case if the case is ignored
  Shape shape_ = Shape::literal;
  bool ignore_case_ = false;
  std::shared_ptr<const Rest> rest_;  // what follows start_, for Shape::general
};

}  // namespace imdsd::iam
