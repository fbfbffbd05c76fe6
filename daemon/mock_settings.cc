// SPDX-License-Identifier: MIT
#include "daemon/mock_settings.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <nlohmann/json.hpp>

#include "aws/time_format.h"
#include "base/nearest_name.h"
#include "daemon/mock_flags.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using Json = nlohmann::json;

constexpr std::string_view kValues = "metadata.values.", kPaths = "metadata.paths.";

// Beside those of mock_values(): what is no text at one path, with its default.
struct Extra {
  std::string_view key, standard;
};
constexpr Extra kExtras[] = {
    {"metadata.values.event-id", "instance-event-1234567890abcdef0"},
    {"metadata.values.iam-security-credentials-role", "baskinc-role"},
    {"metadata.values.elastic-inference-associations", "eia-bfa21c7904f64a82a21b9f4540169ce1"},
    {"metadata.values.public-key", ""},
    {"dynamic.values.fws-instance-monitoring", "disabled"},
    {"dynamic.values.instance-identity-document.accountid", ""},
    {"dynamic.values.instance-identity-document.architecture", ""},
    {"dynamic.values.instance-identity-document.pendingtime", ""},
    {"userdata.values.userdata", "MTIzNCxqb2huLHJlYm9vdCx0cnVlCg=="},
};

// Known, and ignored with a warning: docs/ec2-metadata-mock.md says why.
constexpr std::string_view kIgnoredPrefixes[] = {
    "metadata.values.iam-info", "metadata.values.iam-security-credentials.",
    "dynamic.values.instance-identity-", "dynamic.paths.", "userdata.paths."};

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// "spot.action" is AEMM_SPOT_ACTION.
std::string variable_of(std::string_view key) {
  std::string name = "AEMM_";
  for (const char c : key) {
    const bool small = c >= 'a' && c <= 'z';
    name.push_back(c == '.' || c == '-' ? '_' : small ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return name;
}

std::map<std::string, std::string, std::less<>> make_defaults() {
  std::map<std::string, std::string, std::less<>> out;
  for (const MockFlag& flag : mock_flags()) out.emplace(flag.key, flag.standard);
  for (const Extra& extra : kExtras) out.emplace(extra.key, extra.standard);
  for (const MockValue& value : mock_values()) {
    out.emplace(std::string(kValues).append(value.key), value.standard);
    out.emplace(std::string(kPaths).append(value.key),
                std::string("/latest/meta-data/").append(value.path));
  }
  return out;
}

const std::map<std::string, std::string, std::less<>>& defaults() {
  static const auto all = make_defaults();
  return all;
}

bool is_ignored(std::string_view key) {
  return std::any_of(std::begin(kIgnoredPrefixes), std::end(kIgnoredPrefixes),
                     [&](std::string_view prefix) { return key.starts_with(prefix); });
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The leaves by their keys. An object that is a value as a whole stays one.
void flatten(const Json& value, const std::string& key,
             std::vector<std::pair<std::string, std::string>>& out) {
  constexpr std::ptrdiff_t kDeepest = 8;  // deeper than any setting
  if (value.is_null()) return;
  const bool whole = (!key.empty() && defaults().contains(key)) ||
                     std::count(key.begin(), key.end(), '.') > kDeepest;
  if (!value.is_object() || whole) {
    out.emplace_back(key, text_of(value));
    return;
  }
  for (const auto& [name, member] : value.items()) {
    flatten(member, key.empty() ? lower(name) : key + "." + lower(name), out);
  }
}

Result<void> check(const MockFlag& flag, const std::string& text) {
  switch (flag.type) {
    case MockFlag::Type::text:
      return {};
    case MockFlag::Type::boolean:
      if (text == "true" || text == "false") return {};
      return fail(Errc::invalid_argument, "must be true or false");
    case MockFlag::Type::integer: {
      long long number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      constexpr long long kMost = 366LL * 86400;  // seconds, the largest that any of them may be
      const bool fits = error == std::errc() && end == text.data() + text.size() &&
                        number >= -kMost && number <= kMost;
      return fits ? Result<void>() : fail(Errc::invalid_argument, "must be a whole number");
    }
    case MockFlag::Type::time:
      IMDSD_TRY_VOID(parse_rfc3339(text));
      return {};
    case MockFlag::Type::choice:
      break;
  }
  if (("," + std::string(flag.choices) + ",").find("," + text + ",") != std::string::npos) {
    return {};
  }
  return fail(Errc::invalid_argument, "must be one of " + std::string(flag.choices));
}

}  // namespace

Result<base::SystemTime> parse_rfc3339(std::string_view text) {
  constexpr std::size_t kOffset = 6;  // "+05:00"
  const auto wrong = fail(Errc::invalid_argument,
                          "must be a time in RFC 3339 format, such as 2020-01-07T01:03:47Z");
  if (text.ends_with('Z')) {
    const auto time = aws::parse_iso8601(text);
    return time ? Result<base::SystemTime>(*time) : wrong;
  }
  if (text.size() <= kOffset) return wrong;
  const auto offset = text.substr(text.size() - kOffset);
  const auto digits = [&](std::size_t at) -> int {
    const char a = offset[at], b = offset[at + 1];
    const bool both = a >= '0' && a <= '9' && b >= '0' && b <= '9';
    return both ? (a - '0') * 10 + (b - '0') : 100;
  };
  const int hours = digits(1), minutes = digits(4);
  if ((offset[0] != '+' && offset[0] != '-') || offset[3] != ':' || hours > 23 || minutes > 59) {
    return wrong;
  }
  const auto local = aws::parse_iso8601(std::string(text.substr(0, text.size() - kOffset)) + "Z");
  if (!local) return wrong;
  const auto ahead = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return offset[0] == '+' ? *local - ahead : *local + ahead;
}

Result<MockSettings> MockSettings::load(const MockArguments& arguments,
                                        const base::Environment& environment,
                                        const ReadFile& read_file) {
  MockSettings settings;
  settings.command_ = arguments.command;
  IMDSD_TRY_VOID(settings.take_file(environment, read_file, arguments));
  IMDSD_TRY_VOID(settings.take_variables(environment));
  for (const auto& [key, text] : arguments.values) {
    const auto* const flag = find_mock_flag_of_key(key);
    IMDSD_TRY_VOID(settings.take(key, text, "--" + std::string(flag->name)));
  }
  return settings;
}

Result<void> MockSettings::take(const std::string& key, std::string text,
                                const std::string& origin) {
  if (!defaults().contains(key)) {
    if (is_ignored(key)) {
      warnings_.push_back(origin + ": `" + key + "` is ignored, see docs/ec2-metadata-mock.md");
      return {};
    }
    std::vector<std::string_view> known;
    for (const auto& [name, standard] : defaults()) known.emplace_back(name);
    warnings_.push_back(origin + ": `" + key + "` is unknown" + base::suggest(key, known));
    return {};
  }
  const auto* const flag = find_mock_flag_of_key(key);
  if (flag != nullptr && !text.empty()) {
    const auto checked = check(*flag, text);
    if (!checked) {
      return fail(Errc::invalid_argument, origin + ": " + key + ": " + checked.error().message +
                                              " (got `" + text.substr(0, 100) + "`)");
    }
  }
  values_[key] = std::move(text);
  return {};
}

Result<void> MockSettings::take_file(const base::Environment& environment,
                                     const ReadFile& read_file, const MockArguments& arguments) {
  const auto flag = arguments.values.find("config-file");
  const auto variable = base::find_variable(environment, "AEMM_CONFIG_FILE");
  const bool named = flag != arguments.values.end() || variable;
  file_ = flag != arguments.values.end() ? flag->second : variable.value_or("");
  if (!named) {
    const auto home = base::find_variable(environment, "HOME");
    if (!home) return {};
    file_ = *home + "/aemm-config.json";
  }
  const auto text = read_file(file_);
  if (!text && !named && text.error().code == Errc::not_found) return {};
  if (!text) return tl::unexpected(text.error());
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object()) {
    return fail(Errc::invalid_argument, file_ + ": is not a JSON object");
  }
  std::vector<std::pair<std::string, std::string>> leaves;
  flatten(json, "", leaves);
  for (auto& [key, value] : leaves) IMDSD_TRY_VOID(take(key, std::move(value), file_));
  return {};
}

Result<void> MockSettings::take_variables(const base::Environment& environment) {
  for (const auto& [key, standard] : defaults()) {
    const auto name = variable_of(key);
    const auto found = environment.find(name);
    if (found != environment.end()) IMDSD_TRY_VOID(take(key, found->second, name));
  }
  return {};
}

const std::string& MockSettings::text(std::string_view key) const {
  const auto set = values_.find(key);
  if (set != values_.end() && !set->second.empty()) return set->second;
  static const std::string none;
  const auto standard = defaults().find(key);
  return standard == defaults().end() ? none : standard->second;
}

bool MockSettings::is_set(std::string_view key) const {
  const auto set = values_.find(key);
  return set != values_.end() && !set->second.empty();
}

long long MockSettings::number(std::string_view key) const {
  const std::string& digits = text(key);
  long long number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::optional<base::SystemTime> MockSettings::time(std::string_view key) const {
  const auto time = parse_rfc3339(text(key));
  return time ? std::optional(*time) : std::nullopt;
}

std::vector<std::string> MockSettings::set_below(std::string_view prefix) const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : values_) {
    if (key.starts_with(prefix) && !value.empty()) keys.push_back(key);
  }
  return keys;
}

std::string MockSettings::json() const {
  Json out = Json::object();
  for (const auto& [key, standard] : defaults()) {
    Json* place = &out;
    std::string_view rest = key;
    for (auto dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
      place = &(*place)[std::string(rest.substr(0, dot))];
      rest.remove_prefix(dot + 1);
    }
    const auto* const flag = find_mock_flag_of_key(key);
    const auto type = flag == nullptr || key == "server.port" ? MockFlag::Type::text : flag->type;
    (*place)[std::string(rest)] = type == MockFlag::Type::boolean   ? Json(text(key) == "true")
                                  : type == MockFlag::Type::integer ? Json(number(key))
                                                                    : Json(text(key));
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace imdsd::daemon
