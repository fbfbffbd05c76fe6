// SPDX-License-Identifier: MIT
#include "iam/glob.h"

#include <algorithm>

#include "base/codec.h"

namespace imdsd::iam {
namespace {

constexpr char16_t kAnyRun = 0x100;
constexpr char16_t kAnyOne = 0x101;

/// Up to here trying each place costs less than the table that avoids it.
constexpr std::size_t kShortPiece = 16;
constexpr std::size_t kNowhere = std::string_view::npos;

using SymbolView = std::u16string_view;

char fold(char c, bool ignore_case) {
  return ignore_case && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The length of the UTF-8 character at `at`; a stray byte counts as one.
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto is_continuation = [&](std::size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
  };
  std::size_t length = 1;
  if (static_cast<unsigned char>(text[at]) >= 0xC0) {
    while (length < 4 && is_continuation(at + length)) ++length;
  }
  return length;
}

/// Where the character starts that ends at `end`.
std::size_t character_before(std::string_view text, std::size_t end) {
  const std::size_t least = end > 4 ? end - 4 : 0;
  for (std::size_t at = end; at-- > least;) {
    const bool starts_here = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
    if (starts_here && at + character_length(text, at) == end) return at;
  }
  return end - 1;
}

/// Matches pieces, which have no star in them.
struct Matcher {
  bool ignore_case = false;

  [[nodiscard]] bool same(char16_t symbol, char c) const {
    return symbol == static_cast<unsigned char>(fold(c, ignore_case));
  }

  /// Where the piece ends that starts at `at`.
  [[nodiscard]] std::size_t match_from(SymbolView piece, std::string_view text,
                                       std::size_t at) const {
    for (const char16_t symbol : piece) {
      if (at == text.size()) return kNowhere;
      if (symbol == kAnyOne) {
        at += character_length(text, at);
      } else if (same(symbol, text[at])) {
        ++at;
      } else {
        return kNowhere;
      }
    }
    return at;
  }

  /// Where the piece starts that ends with the text, not before `least`.
  [[nodiscard]] std::size_t match_back(SymbolView piece, std::string_view text,
                                       std::size_t least) const {
    std::size_t at = text.size();
    for (auto symbol = piece.rbegin(); symbol != piece.rend(); ++symbol) {
      if (at == least) return kNowhere;
      if (*symbol == kAnyOne) {
        at = character_before(text, at);
        if (at < least) return kNowhere;
      } else if (!same(*symbol, text[--at])) {
        return kNowhere;
      }
    }
    return at;
  }

  /// Where the first such piece ends at or behind `at`.
  [[nodiscard]] std::size_t find(SymbolView piece, std::string_view text, std::size_t at) const {
    const bool is_literal = piece.find(kAnyOne) == SymbolView::npos;
    if (is_literal && piece.size() > kShortPiece) return find_literal(piece, text, at);
    while (true) {
      const std::size_t end = match_from(piece, text, at);
      if (end != kNowhere) return end;
      if (at == text.size()) return kNowhere;
      at += is_literal ? 1 : character_length(text, at);
    }
  }

  /// Knuth, Morris and Pratt: linear whatever the text repeats.
  [[nodiscard]] std::size_t find_literal(SymbolView piece, std::string_view text,
                                         std::size_t at) const {
    std::vector<std::size_t> border(piece.size(), 0);
    for (std::size_t i = 1, k = 0; i < piece.size(); ++i) {
      while (k > 0 && piece[i] != piece[k]) k = border[k - 1];
      if (piece[i] == piece[k]) ++k;
      border[i] = k;
    }
    std::size_t matched = 0;
    for (; matched < piece.size() && at < text.size(); ++at) {
      while (matched > 0 && !same(piece[matched], text[at])) matched = border[matched - 1];
      if (same(piece[matched], text[at])) ++matched;
    }
    return matched == piece.size() ? at : kNowhere;
  }
};

}  // namespace

base::Result<Glob> Glob::compile(std::string_view text, GlobSyntax syntax) {
  Glob glob;
  glob.ignore_case_ = syntax.ignore_case;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (syntax.variables && text.substr(i, 2) == "${") {
      const std::size_t end = text.find('}', i);
      if (end == std::string_view::npos) {
        return base::fail(base::Errc::invalid_argument,
                          "policy variable is not closed in `" + std::string(text) + "`");
      }
      IMDSD_TRY_VOID(glob.add_variable(text.substr(i + 2, end - i - 2)));
      i = end;
    } else if (syntax.wildcards && text[i] == '*') {
      // Two stars are one.
      if (glob.symbols_.empty() || glob.symbols_.back() != kAnyRun) glob.symbols_ += kAnyRun;
    } else if (syntax.wildcards && text[i] == '?') {
      glob.symbols_ += kAnyOne;
    } else {
      glob.add_literal(text.substr(i, 1));
    }
  }
  return glob;
}

Glob Glob::anything() {
  Glob glob;
  glob.symbols_ = Symbols(1, kAnyRun);
  return glob;
}

void Glob::add_literal(std::string_view text) {
  for (const char c : text) symbols_ += static_cast<unsigned char>(fold(c, ignore_case_));
}

base::Result<void> Glob::add_variable(std::string_view inside) {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
  if (inside == "*" || inside == "?" || inside == "$") {
    add_literal(inside);
    return {};
  }
  Variable variable;
  variable.at = symbols_.size();
  const std::size_t comma = inside.find(',');
  variable.key = base::trim(inside.substr(0, comma));
  bool readable =
      !variable.key.empty() && variable.key.find_first_of(" \t${'") == std::string::npos;
  if (comma != std::string_view::npos) {
    const std::string_view quoted = base::trim(inside.substr(comma + 1));
    readable = readable && quoted.size() >= 2 && quoted.front() == '\'' && quoted.back() == '\'';
    if (readable) variable.fallback = quoted.substr(1, quoted.size() - 2);
    variable.has_fallback = true;
  }
  if (!readable) {
    return base::fail(base::Errc::invalid_argument,
                      "`${" + std::string(inside) + "}` is not a policy variable");
  }
  variables_.push_back(std::move(variable));
  return {};
}

bool Glob::expand(const ConditionKeys& keys, Symbols& out) const {
  std::size_t done = 0;
  for (const Variable& variable : variables_) {
    const auto* values = keys.find(variable.key);
    const bool known = values != nullptr && values->size() == 1;
    if (!known && !variable.has_fallback) return false;
    out.append(symbols_, done, variable.at - done);
    done = variable.at;
    for (const char c : known ? values->front() : variable.fallback) {
      out += static_cast<unsigned char>(fold(c, ignore_case_));
    }
  }
  out.append(symbols_, done);
  return true;
}

bool Glob::matches(std::string_view text, const ConditionKeys& keys) const {
  if (variables_.empty()) return matches_symbols(symbols_, text);
  Symbols expanded;
  return expand(keys, expanded) && matches_symbols(expanded, text);
}

bool Glob::matches(std::string_view text) const {
  return variables_.empty() && matches_symbols(symbols_, text);
}

bool Glob::matches_symbols(SymbolView symbols, std::string_view text) const {
  const auto stars = std::count(symbols.begin(), symbols.end(), kAnyRun);
  if (symbols.size() - static_cast<std::size_t>(stars) > text.size()) return false;
  const Matcher matcher{ignore_case_};
  const std::size_t first_star = symbols.find(kAnyRun);
  std::size_t at = matcher.match_from(symbols.substr(0, first_star), text, 0);
  if (at == kNowhere) return false;
  if (first_star == SymbolView::npos) return at == text.size();

  // The first and the last piece stand at the ends; those between may be taken where they are found
  // first.
  const std::size_t last_star = symbols.rfind(kAnyRun);
  const std::size_t end = matcher.match_back(symbols.substr(last_star + 1), text, at);
  if (end == kNowhere) return false;
  symbols = symbols.substr(first_star, last_star - first_star);
  while (!symbols.empty()) {
    symbols.remove_prefix(1);
    const std::size_t next_star = std::min(symbols.find(kAnyRun), symbols.size());
    at = matcher.find(symbols.substr(0, next_star), text.substr(0, end), at);
    if (at == kNowhere) return false;
    symbols.remove_prefix(next_star);
  }
  return true;
}

}  // namespace imdsd::iam
