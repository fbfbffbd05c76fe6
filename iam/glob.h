// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "iam/condition_keys.h"

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
  [[nodiscard]] bool matches(std::string_view text) const;
  [[nodiscard]] bool has_variables() const noexcept { return !variables_.empty(); }

 private:
  // Below 0x100 a byte, above it a wildcard: what a variable inserts can never become one.
  using Symbols = std::u16string;
  struct Variable {
    std::size_t at = 0;  // in symbols_
    std::string key;
    std::string fallback;
    bool has_fallback = false;
  };

  [[nodiscard]] base::Result<void> add_variable(std::string_view inside);
  void add_literal(std::string_view text);
  [[nodiscard]] bool expand(const ConditionKeys& keys, Symbols& out) const;
  [[nodiscard]] bool matches_symbols(std::u16string_view symbols, std::string_view text) const;

  Symbols symbols_;
  std::vector<Variable> variables_;
  bool ignore_case_ = false;
};

}  // namespace imdsd::iam
