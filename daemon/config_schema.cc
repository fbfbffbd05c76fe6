// SPDX-License-Identifier: MIT
#include "daemon/config_schema.h"

#include <algorithm>
#include <optional>

#include "base/nearest_name.h"

namespace imdsd::daemon {
namespace {

using Kind = ConfigNode::Kind;

bool is_index(std::string_view piece) {
  return !piece.empty() &&
         std::all_of(piece.begin(), piece.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "instance.0.id" to "instance.*.id".
std::string pattern_of(std::string_view key) {
  std::string out;
  for (const auto& piece : split_key(key)) {
    if (!out.empty()) out += '.';
    out += is_index(piece) ? "*" : piece;
  }
  return out;
}

/// The names that may follow `pattern` ("imds" gives listen, http_tokens, …).
std::vector<std::string_view> names_below(std::string_view pattern) {
  std::vector<std::string_view> names;
  for (const auto& info : config_keys()) {
    std::string_view rest = info.key;
    if (!pattern.empty()) {
      if (!rest.starts_with(pattern) || rest.size() <= pattern.size() ||
          rest[pattern.size()] != '.') {
        continue;
      }
      rest.remove_prefix(pattern.size() + 1);
    }
    rest = rest.substr(0, rest.find('.'));
    if (std::find(names.begin(), names.end(), rest) == names.end()) names.push_back(rest);
  }
  return names;
}

const KeyInfo* find_pattern(std::string_view pattern) {
  for (const auto& info : config_keys()) {
    if (info.key == pattern) return &info;
  }
  return nullptr;
}

std::string join(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : std::string(path) + "." + std::string(name);
}

/// Nothing when the value fits; else what is wrong with it.
std::optional<std::string> type_mismatch(const ConfigNode& node, KeyType type) {
  const auto expect = [&](bool fits, std::string_view what) -> std::optional<std::string> {
    if (fits) return std::nullopt;
    return "must be " + std::string(what) + " (got " + std::string(describe(node.kind)) + ")";
  };
  switch (type) {
    case KeyType::string: {
      auto mismatch = expect(node.kind == Kind::string, "a string");
      if (mismatch && node.kind == Kind::integer) *mismatch += ": write it in quotes";
      return mismatch;
    }
    case KeyType::integer:
      return expect(node.kind == Kind::integer, "an integer");
    case KeyType::boolean:
      return expect(node.kind == Kind::boolean, "true or false");
    case KeyType::duration:
      return expect(node.kind == Kind::string, "a duration such as \"6h\" or \"20s\"");
    case KeyType::seconds:
      return expect(node.kind == Kind::integer || node.kind == Kind::string,
                    "a number of seconds, or a duration such as \"1h\"");
    case KeyType::string_list:
      return expect(node.kind == Kind::array &&
                        std::all_of(node.items.begin(), node.items.end(),
                                    [](const auto& i) { return i.kind == Kind::string; }),
                    "a list of strings");
  }
  return std::nullopt;
}

/// Walks file and table together; `path` with indexes, `pattern` with stars.
class Checker {
 public:
  explicit Checker(std::vector<ConfigProblem>& problems) : problems_(problems) {}

  void check_table(ConfigNode& table, const std::string& path, const std::string& pattern) {
    const auto names = names_below(pattern);
    for (auto& [key, key_at, value] : table.members) {
      if (std::find(names.begin(), names.end(), key) == names.end()) {
        value.usable = false;
        problems_.push_back({key_at, join(path, key), "unknown key" + suggestion(key, names)});
        continue;
      }
      check_value(value, join(path, key), join(pattern, key));
    }
  }

 private:
  void check_value(ConfigNode& value, const std::string& path, const std::string& pattern) {
    if (const auto* info = find_pattern(pattern)) {
      if (auto mismatch = type_mismatch(value, info->type)) refuse(value, path, *mismatch);
      return;
    }
    if (names_below(pattern) == std::vector<std::string_view>{"*"}) {
      check_table_array(value, path, pattern + ".*");
    } else if (value.kind == Kind::table) {
      check_table(value, path, pattern);
    } else {
      refuse(value, path, "must be a table (got " + std::string(describe(value.kind)) + ")");
    }
  }

  void check_table_array(ConfigNode& value, const std::string& path, const std::string& pattern) {
    const auto is_table = [](const ConfigNode& item) { return item.kind == Kind::table; };
    if (value.kind != Kind::array ||
        !std::all_of(value.items.begin(), value.items.end(), is_table)) {
      const std::string hint =
          value.kind == Kind::table ? ", write `[[" + path + "]]`" : std::string();
      refuse(value, path,
             "must be an array of tables (got " + std::string(describe(value.kind)) + ")" + hint);
      return;
    }
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      check_table(value.items[i], join(path, std::to_string(i)), pattern);
    }
  }

  void refuse(ConfigNode& value, const std::string& path, std::string message) {
    value.usable = false;
    problems_.push_back({value.at, path, std::move(message)});
  }

  /// A near name at this place; else the same name where it belongs.
  static std::string suggestion(std::string_view key, std::span<const std::string_view> names) {
    if (auto near = base::suggest(key, names); !near.empty()) return near;
    for (const auto& info : config_keys()) {
      if (info.key.substr(info.key.rfind('.') + 1) == key) {
        return ", did you mean `" + std::string(info.key) + "`?";
      }
    }
    return {};
  }

  std::vector<ConfigProblem>& problems_;
};

}  // namespace

std::vector<std::string> split_key(std::string_view key) {
  std::vector<std::string> pieces;
  while (true) {
    const auto dot = key.find('.');
    pieces.emplace_back(key.substr(0, dot));
    if (dot == std::string_view::npos) return pieces;
    key.remove_prefix(dot + 1);
  }
}

const KeyInfo* find_key(std::string_view key) {
  return find_pattern(pattern_of(key));
}

bool is_key_prefix(std::string_view key) {
  return !key.empty() && !names_below(pattern_of(key)).empty();
}

void check_against_schema(ConfigNode& root, std::vector<ConfigProblem>& problems) {
  Checker(problems).check_table(root, "", "");
}

}  // namespace imdsd::daemon
