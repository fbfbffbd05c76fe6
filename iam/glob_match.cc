// SPDX-License-Identifier: MIT
#include "iam/glob_match.h"

#include <algorithm>
#include <vector>

namespace imdsd::iam {
namespace {

/// Up to here trying each place costs less than the table that avoids it.
constexpr std::size_t kShortPiece = 64;
constexpr std::size_t kNowhere = std::string_view::npos;

using SymbolView = std::u16string_view;

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
    if (ignore_case && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return symbol == static_cast<unsigned char>(c);
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

bool matches_symbols(SymbolView symbols, std::string_view text, bool ignore_case) {
  const auto stars = std::count(symbols.begin(), symbols.end(), kAnyRun);
  if (symbols.size() - static_cast<std::size_t>(stars) > text.size()) return false;
  const Matcher matcher{ignore_case};
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
