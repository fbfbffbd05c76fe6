// SPDX-License-Identifier: MIT
#include "daemon/config_toml.h"

#include <algorithm>
#include <utility>

#include <toml++/toml.h>

namespace imdsd::daemon {
namespace {

using Kind = ConfigNode::Kind;

/// Either the file's own positions, or one fixed place for all (an override has no lines).
class Converter {
 public:
  explicit Converter(std::string source) : source_(std::move(source)) {}
  explicit Converter(ConfigPosition fixed) : source_(fixed.source), fixed_(std::move(fixed)) {}

  [[nodiscard]] ConfigNode convert(const toml::node& node) const {
    ConfigNode out;
    out.at = position(node.source());
    switch (node.type()) {
      case toml::node_type::table:
        convert_table(*node.as_table(), out);
        break;
      case toml::node_type::array:
        convert_array(*node.as_array(), out);
        break;
      case toml::node_type::string:
        out.kind = Kind::string;
        out.string = node.as_string()->get();
        break;
      case toml::node_type::integer:
        out.kind = Kind::integer;
        out.integer = node.as_integer()->get();
        break;
      case toml::node_type::boolean:
        out.kind = Kind::boolean;
        out.boolean = node.as_boolean()->get();
        break;
      case toml::node_type::floating_point:
        out.kind = Kind::real;
        break;
      default:
        out.kind = Kind::date;
        break;
    }
    return out;
  }

  [[nodiscard]] ConfigPosition position(const toml::source_region& region) const {
    if (!fixed_.source.empty()) return fixed_;
    return {source_, region.begin.line, region.begin.column};
  }

 private:
  void convert_table(const toml::table& table, ConfigNode& out) const {
    out.kind = Kind::table;
    for (const auto& [key, value] : table) {
      out.members.push_back({std::string(key.str()), position(key.source()), convert(value)});
    }
    // toml++ keeps keys sorted by name; people read files from the top.
    std::stable_sort(out.members.begin(), out.members.end(), [](const auto& a, const auto& b) {
      return std::pair(a.key_at.line, a.key_at.column) < std::pair(b.key_at.line, b.key_at.column);
    });
  }

  void convert_array(const toml::array& array, ConfigNode& out) const {
    out.kind = Kind::array;
    for (const auto& item : array) out.items.push_back(convert(item));
  }

  std::string source_;
  ConfigPosition fixed_;
};

}  // namespace

tl::expected<ConfigNode, ConfigProblem> parse_toml(std::string_view text,
                                                   const std::string& source) {
  const Converter converter(source);
  try {
    return converter.convert(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return tl::unexpected(
        ConfigProblem{converter.position(error.source()), "", std::string(error.description())});
  }
}

tl::expected<ConfigNode, ConfigProblem> parse_toml_value(std::string_view text,
                                                         const ConfigPosition& at) {
  try {
    const toml::table table = toml::parse("value = " + std::string(text));
    // More than one key: the text went on behind its value (a line end and another assignment).
    if (table.size() != 1) {
      return tl::unexpected(ConfigProblem{at, "", "more than one value"});
    }
    return Converter(at).convert(*table.get("value"));
  } catch (const toml::parse_error& error) {
    return tl::unexpected(ConfigProblem{at, "", std::string(error.description())});
  }
}

}  // namespace imdsd::daemon
