// SPDX-License-Identifier: MIT
#include "xml/bounds.h"

#include <algorithm>

#include "base/utf8.h"

namespace imdsd::xml {
namespace {

using base::Errc;
using base::fail;

class Scanner {
 public:
  Scanner(std::string_view xml, const Bounds& bounds) : rest_(xml), bounds_(bounds) {}

  base::Result<void> run() {
    for (;;) {
      const std::size_t at = rest_.find('<');
      if (at == std::string_view::npos) return {};
      rest_.remove_prefix(at);
      if (skip("<!--", "-->") || skip("<![CDATA[", "]]>") || skip("<?", "?>")) continue;
      if (rest_.starts_with("<!")) return fail(Errc::invalid_argument, "has a document type");
      IMDSD_TRY_VOID(tag());
    }
  }

 private:
  /// Takes `start`…`end` away, or all that is left if it does not end.
  bool skip(std::string_view start, std::string_view end) {
    if (!rest_.starts_with(start)) return false;
    const std::size_t at = rest_.find(end, start.size());
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + end.size());
    return true;
  }

  base::Result<void> tag() {
    const bool closes = rest_.starts_with("</");
    std::size_t attributes = 0;
    char quote = '\0';
    std::size_t at = 1;
    for (; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '=') {
        ++attributes;
      } else if (c == '>') {
        break;
      }
    }
    const bool is_empty = rest_[std::min(at, rest_.size()) - 1] == '/';
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    return closes ? close() : open(attributes, is_empty);
  }

  base::Result<void> open(std::size_t attributes, bool is_empty) {
    if (attributes > bounds_.attributes) {
      return fail(Errc::too_large, "has an element with too many attributes");
    }
    if (++elements_ > bounds_.elements) return fail(Errc::too_large, "has too many elements");
    if (++depth_ > bounds_.depth) return fail(Errc::too_large, "is nested too deeply");
    if (is_empty) --depth_;
    return {};
  }

  base::Result<void> close() {
    if (depth_ == 0) return fail(Errc::invalid_argument, "closes what is not open");
    --depth_;
    return {};
  }

  std::string_view rest_;
  const Bounds& bounds_;
  std::size_t elements_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

base::Result<void> check_bounds(std::string_view xml, const Bounds& bounds) {
  if (xml.size() > bounds.bytes) return fail(Errc::too_large, "is too long");
  // A zero byte is how other encodings look, and what ends a text too early.
  if (!base::is_valid_utf8(xml) || xml.find('\0') != std::string_view::npos)
    return fail(Errc::invalid_argument, "is not UTF-8");
  return Scanner(xml, bounds).run();
}

}  // namespace imdsd::xml
