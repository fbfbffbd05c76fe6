// SPDX-License-Identifier: MIT
#include "iam/arn_overlap.h"

#include <cstddef>
#include <vector>

#include "iam/pattern.h"

namespace imdsd::iam {
namespace {

/// One character or a run of them, each of one kind.
struct Token {
  enum class Kind { literal, any, no_slash } kind = Kind::any;
  char literal = 0;
  bool run = false;  // of any length, none included
};
using Tokens = std::vector<Token>;

/// The text of a variable or placeholder at the front, `${…}`; empty when there is none.
std::string_view variable_at(std::string_view text) {
  if (!text.starts_with("${")) return {};
  const std::size_t end = text.find('}');
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end + 1);
}

Tokens tokens_of_pattern(std::string_view text) {
  Tokens out;
  while (!text.empty()) {
    const std::string_view variable = variable_at(text);
    if (!variable.empty() || text[0] == '*') {
      out.push_back({.kind = Token::Kind::any, .run = true});
    } else if (text[0] == '?') {
      out.push_back({.kind = Token::Kind::any});
    } else {
      out.push_back({.kind = Token::Kind::literal, .literal = text[0]});
    }
    text.remove_prefix(variable.empty() ? 1 : variable.size());
  }
  return out;
}

/// A placeholder stands for at least one character.
Tokens tokens_of_format(std::string_view text) {
  Tokens out;
  while (!text.empty()) {
    const std::string_view name = variable_at(text);
    if (name.empty()) {
      out.push_back({.kind = Token::Kind::literal, .literal = text[0]});
      text.remove_prefix(1);
      continue;
    }
    const bool flat = name == "${BucketName}" || name == "${AccessPointName}";
    const auto kind = flat ? Token::Kind::no_slash : Token::Kind::any;
    out.push_back({.kind = kind});
    out.push_back({.kind = kind, .run = true});
    text.remove_prefix(name.size());
  }
  return out;
}

/// One character can be both.
bool share_a_character(const Token& a, const Token& b) {
  if (a.kind == Token::Kind::literal && b.kind == Token::Kind::literal) {
    return a.literal == b.literal;
  }
  if (a.kind == Token::Kind::literal) return b.kind == Token::Kind::any || a.literal != '/';
  if (b.kind == Token::Kind::literal) return a.kind == Token::Kind::any || b.literal != '/';
  return true;
}

/// Some text is matched by both. From the ends to the fronts: at(i, j) tells it of what follows.
bool overlap(const Tokens& a, const Tokens& b) {
  const std::size_t width = b.size() + 1;
  std::vector<char> table((a.size() + 1) * width, 0);
  const auto at = [&](std::size_t i, std::size_t j) -> char& { return table[i * width + j]; };
  for (std::size_t i = a.size() + 1; i-- > 0;) {
    for (std::size_t j = width; j-- > 0;) {
      const bool a_left = i < a.size();
      const bool b_left = j < b.size();
      bool found = !a_left && !b_left;
      if (a_left && a[i].run) found = found || at(i + 1, j) != 0;
      if (b_left && b[j].run) found = found || at(i, j + 1) != 0;
      // Two runs that both go on are where they were.
      if (!found && a_left && b_left && !(a[i].run && b[j].run) && share_a_character(a[i], b[j])) {
        found = at(a[i].run ? i : i + 1, b[j].run ? j : j + 1) != 0;
      }
      at(i, j) = found ? 1 : 0;
    }
  }
  return at(0, 0) != 0;
}

}  // namespace

bool arns_overlap(std::string_view resource, std::string_view format) {
  const auto pattern = ArnView::of(resource);
  const auto form = ArnView::of(format);
  // What is shorter than an ARN ends in segments that match anything.
  if (!pattern || !form) return true;
  for (std::size_t i = 1; i < kArnSegments; ++i) {
    if (!overlap(tokens_of_pattern(pattern->segments[i]), tokens_of_format(form->segments[i])))
      return false;
  }
  return true;
}

}  // namespace imdsd::iam
