// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace imdsd::base {

/// Writes XML in the shape the Query services answer with: no declaration, two-space indentation, a
/// final newline. Or in that of the REST services: a declaration, and all else on one line. Text
/// and attributes are escaped; control characters XML 1.0 cannot carry become U+FFFD.
class XmlWriter {
 public:
  enum class Layout : std::uint8_t { indented, one_line };
  explicit XmlWriter(Layout layout = Layout::indented);
  XmlWriter& open(std::string_view name, std::string_view xmlns = {});
  XmlWriter& close();
  /// <name>text</name> on one line; an empty text gives <name/>.
  XmlWriter& leaf(std::string_view name, std::string_view text);
  /// All of it; every open element must have been closed.
  [[nodiscard]] std::string take();

 private:
  void indent();
  void end_line();
  Layout layout_;
  std::string out_;
  std::vector<std::string> open_;
};

[[nodiscard]] std::string xml_escape(std::string_view text);

}  // namespace imdsd::base
