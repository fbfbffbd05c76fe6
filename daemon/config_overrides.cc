// SPDX-License-Identifier: MIT
#include "daemon/config_overrides.h"

#include <charconv>
#include <optional>

#include "base/codec.h"
#include "base/nearest_name.h"
#include "daemon/config_schema.h"
#include "daemon/config_toml.h"

namespace imdsd::daemon {
namespace {

using Kind = ConfigNode::Kind;
constexpr std::string_view kPrefix = "IMDSD_";

ConfigNode string_node(std::string_view text, const ConfigPosition& at) {
  ConfigNode node;
  node.kind = Kind::string;
  node.at = at;
  node.string = text;
  return node;
}

ConfigNode list_node(std::string_view text, const ConfigPosition& at) {
  ConfigNode node;
  node.kind = Kind::array;
  node.at = at;
  while (!base::trim(text).empty()) {
    const auto comma = text.find(',');
    node.items.push_back(string_node(base::trim(text.substr(0, comma)), at));
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return node;
}

/// The text as what the key wants. What does not fit any reading stays a string, and fails the type
/// check.
ConfigNode value_node(std::string_view text, KeyType type, const ConfigPosition& at) {
  auto toml = parse_toml_value(text, at);
  switch (type) {
    case KeyType::string:
    case KeyType::duration:
      // account_id=123456789012 is a string although TOML would read a number.
      return toml && toml->kind == Kind::string ? *std::move(toml) : string_node(text, at);
    case KeyType::string_list:
      return toml && toml->kind == Kind::array ? *std::move(toml) : list_node(text, at);
    case KeyType::integer:
    case KeyType::boolean:
    case KeyType::seconds:
      return toml ? *std::move(toml) : string_node(text, at);
  }
  return string_node(text, at);
}

/// The place that `key` names, made where it is missing. Nothing when it leads through a value or
/// past the end of an array.
class Placer {
 public:
  explicit Placer(ConfigNode& root) : root_(root) {}

  base::Result<void> place(const std::string& key, ConfigNode value) {
    ConfigNode* at = &root_;
    const auto pieces = split_key(key);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const bool index_follows = i + 1 < pieces.size() && is_number(pieces[i + 1]);
      IMDSD_TRY(at, is_number(pieces[i]) ? item(*at, pieces[i], value.at)
                                         : member(*at, pieces[i], value.at, index_follows));
    }
    *at = std::move(value);
    return {};
  }

 private:
  static bool is_number(std::string_view piece) {
    return !piece.empty() && piece.find_first_not_of("0123456789") == std::string_view::npos;
  }

  static base::Result<ConfigNode*> member(ConfigNode& table, const std::string& name,
                                          const ConfigPosition& at, bool is_array) {
    if (table.kind != Kind::table) {
      return base::fail(base::Errc::invalid_argument, "leads through a value that is no table");
    }
    if (auto* found = table.find(name)) return found;
    ConfigNode fresh;
    fresh.kind = is_array ? Kind::array : Kind::table;
    fresh.at = at;
    table.members.push_back({name, at, std::move(fresh)});
    return &table.members.back().value;
  }

  static base::Result<ConfigNode*> item(ConfigNode& array, const std::string& index_text,
                                        const ConfigPosition& at) {
    std::size_t index = 0;
    const auto end = index_text.data() + index_text.size();
    const bool fits = std::from_chars(index_text.data(), end, index).ec == std::errc();
    if (array.kind != Kind::array || !fits || index > array.items.size()) {
      return base::fail(base::Errc::invalid_argument,
                        "index " + index_text + " is out of range: there are " +
                            std::to_string(array.items.size()) + ", numbered from 0");
    }
    if (index == array.items.size()) {
      ConfigNode fresh;
      fresh.at = at;
      array.items.push_back(std::move(fresh));
    }
    return &array.items[index];
  }

  ConfigNode& root_;
};

/// IMDSD_INSTANCE_0_TYPE to instance.0.type, by trying it on every key.
std::optional<std::string> key_of_variable(std::string_view variable) {
  for (const auto& info : config_keys()) {
    std::string key;
    std::string_view rest = variable.substr(kPrefix.size());
    bool matches = true;
    for (const auto& piece : split_key(info.key)) {
      if (!key.empty()) {
        matches = matches && rest.starts_with('_');
        if (matches) rest.remove_prefix(1);
      }
      std::size_t length = piece.size();
      if (piece == "*") {
        length = std::min(rest.find_first_not_of("0123456789"), rest.size());
        matches = matches && length > 0;
      } else {
        matches = matches && base::to_lower(rest.substr(0, length)) == piece &&
                  rest.substr(0, length).find_first_of("abcdefghijklmnopqrstuvwxyz") ==
                      std::string_view::npos;
      }
      if (!matches) break;
      key += (key.empty() ? "" : ".") + std::string(base::to_lower(rest.substr(0, length)));
      rest.remove_prefix(length);
    }
    if (matches && rest.empty()) return key;
  }
  return std::nullopt;
}

std::string nearest_variable(std::string_view variable) {
  std::vector<std::string> names;
  for (const auto& info : config_keys()) names.push_back(variable_name(info.key));
  const std::vector<std::string_view> views(names.begin(), names.end());
  return base::suggest(variable, views);
}

}  // namespace

std::string variable_name(std::string_view key) {
  std::string out(kPrefix);
  for (const char c : key) {
    out += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

void apply_environment(ConfigNode& root, const base::Environment& environment,
                       std::vector<ConfigProblem>& errors, std::vector<ConfigProblem>& warnings) {
  for (auto it = environment.lower_bound(std::string(kPrefix));
       it != environment.end() && it->first.starts_with(kPrefix); ++it) {
    const auto& [name, text] = *it;
    const ConfigPosition at{name};
    const auto key = key_of_variable(name);
    if (!key) {
      warnings.push_back({at, "", "is no key of the configuration" + nearest_variable(name)});
      continue;
    }
    auto placed = Placer(root).place(*key, value_node(text, find_key(*key)->type, at));
    if (!placed) errors.push_back({at, *key, placed.error().message});
  }
}

void apply_set(ConfigNode& root, const std::string& assignment,
               std::vector<ConfigProblem>& errors) {
  const auto equals = assignment.find('=');
  // A secret written here by mistake must not come back in a message.
  const bool secret = assignment.find("secret") != std::string::npos;
  const ConfigPosition at{"--set " + (secret ? assignment.substr(0, equals) : assignment)};
  if (equals == std::string::npos) {
    errors.push_back({at, "", "must be KEY=VALUE"});
    return;
  }
  const std::string key(base::trim(std::string_view(assignment).substr(0, equals)));
  const auto text = base::trim(std::string_view(assignment).substr(equals + 1));
  tl::expected<ConfigNode, ConfigProblem> value;
  if (const auto* info = find_key(key)) {
    value = value_node(text, info->type, at);
  } else if (is_key_prefix(key)) {
    value = parse_toml_value(text, at);
  } else {
    std::vector<std::string_view> keys;
    for (const auto& known : config_keys()) keys.push_back(known.key);
    value = tl::unexpected(ConfigProblem{at, "", "unknown key" + base::suggest(key, keys)});
  }
  if (!value) {
    value.error().key = key;
    errors.push_back(std::move(value).error());
    return;
  }
  if (auto placed = Placer(root).place(key, *std::move(value)); !placed) {
    errors.push_back({at, key, placed.error().message});
  }
}

}  // namespace imdsd::daemon
