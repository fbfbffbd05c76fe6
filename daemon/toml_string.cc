// SPDX-License-Identifier: MIT
#include "daemon/toml_string.h"

#include <cstddef>

namespace imdsd::daemon {
namespace {

/// Walks the source of a string and counts along in its value.
class StringWalker {
 public:
  StringWalker(std::string_view file, TextPosition start) : file_(file), source_(start) {
    for (unsigned line = 1; line < start.line; ++line) {
      const auto end = file_.find('\n', at_);
      at_ = end == std::string_view::npos ? file_.size() : end + 1;
    }
    at_ += start.column - 1;
  }

  /// Past the opening quotes; false when there are none.
  bool open() {
    if (at_ >= file_.size() || (file_[at_] != '"' && file_[at_] != '\'')) return false;
    escapes_ = file_[at_] == '"';
    const bool multi_line = file_.substr(at_, 3) == std::string_view(escapes_ ? "\"\"\"" : "'''");
    step(multi_line ? 3 : 1);
    // A line end right behind the opening quotes is not part of the value.
    if (multi_line && file_.substr(at_, 2) == "\r\n")
      step(2);
    else if (multi_line && file_.substr(at_, 1) == "\n")
      step(1);
    return true;
  }

  [[nodiscard]] bool at_end() const { return at_ >= file_.size(); }
  [[nodiscard]] TextPosition source() const { return source_; }
  [[nodiscard]] TextPosition value() const { return value_; }

  /// One character of the value.
  void next() {
    if (!escapes_ || file_[at_] != '\\') {
      count(file_[at_]);
      step(1);
      return;
    }
    const char kind = at_ + 1 < file_.size() ? file_[at_ + 1] : '\0';
    count(kind == 'n' ? '\n' : 'x');
    step(kind == 'u' ? 6 : kind == 'U' ? 10 : 2);
  }

  /// A backslash at the end of a line swallows white space up to the next character.
  void skip_line_end() {
    if (!escapes_ || at_ + 1 >= file_.size() || file_[at_] != '\\' || !is_space(file_[at_ + 1])) {
      return;
    }
    step(1);
    while (!at_end() && is_space(file_[at_])) step(1);
  }

 private:
  void step(std::size_t bytes) {
    for (; bytes > 0 && !at_end(); --bytes, ++at_) advance(source_, file_[at_]);
  }
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
  void count(char c) { advance(value_, c); }
  static void advance(TextPosition& position, char c) {
    if (c == '\n') {
      ++position.line;
      position.column = 1;
    } else {
      ++position.column;
    }
  }

  std::string_view file_;
  std::size_t at_ = 0;
  TextPosition source_;
  TextPosition value_;
  bool escapes_ = false;
};

}  // namespace

TextPosition position_in_toml_string(std::string_view file, TextPosition string_at,
                                     TextPosition inside) {
  StringWalker walker(file, string_at);
  if (!walker.open()) return string_at;
  walker.skip_line_end();
  while (!walker.at_end() &&
         (walker.value().line < inside.line ||
          (walker.value().line == inside.line && walker.value().column < inside.column))) {
    walker.next();
    walker.skip_line_end();
  }
  return walker.source();
}

}  // namespace imdsd::daemon
