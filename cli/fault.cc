// SPDX-License-Identifier: MIT
#include "cli/fault.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include <nlohmann/json.hpp>

#include "base/codec.h"
#include "base/duration.h"

namespace imdsd::cli {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using Json = nlohmann::ordered_json;
using Verb = FaultCommand::Verb;

constexpr std::string_view kVerbs =
    "use `fault add`, `fault list`, `fault clear [ID]` or `fault scenario NAME`";

/// Flags without a value, and the fields that they are.
struct Switch {
  std::string_view flag, field, value;
};
constexpr Switch kSwitches[] = {
    {"--reset", "reset", "true"}, {"--hang", "hang", "true"}, {"--empty-body", "body", ""}};

std::optional<Verb> find_verb(std::string_view word) {
  if (word == "add") return Verb::add;
  if (word == "list") return Verb::list;
  if (word == "clear") return Verb::clear;
  if (word == "scenario") return Verb::scenario;
  return std::nullopt;
}

/// Bytes, whatever they are.
Result<std::string> read_body(const std::string& path) {
  constexpr std::size_t kMost = 64 * 1024;  // the daemon takes less, and says how much
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string bytes(kMost, '\0');
  if (file) file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file && !file.eof()) {
    return fail(Errc::not_found,
                "`" + path + "` cannot be read: " + std::generic_category().message(errno));
  }
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

class Parser {
 public:
  explicit Parser(const std::vector<std::string>& list) : list_(list) {}

  Result<FaultCommand> parse() {
    if (list_.empty()) return fail(Errc::invalid_argument, std::string(kVerbs));
    const auto verb = find_verb(list_.front());
    if (!verb) {
      return fail(Errc::invalid_argument,
                  "unknown verb `" + list_.front() + "`: " + std::string(kVerbs));
    }
    out_.verb = *verb;
    for (next_ = 1; next_ < list_.size(); ++next_) {
      IMDSD_TRY_VOID(list_[next_].starts_with("--") ? flag(list_[next_]) : word(list_[next_]));
    }
    if (out_.verb == Verb::scenario && out_.which.empty()) {
      return fail(Errc::invalid_argument, "`fault scenario` needs a name, or `--list`");
    }
    if (out_.verb == Verb::scenario) add("scenario", out_.which);
    return out_;
  }

 private:
  Result<void> word(const std::string& text) {
    const bool takes_one = out_.verb == Verb::clear || out_.verb == Verb::scenario;
    if (!takes_one || !out_.which.empty() || text.empty()) {
      return fail(Errc::invalid_argument, "unexpected argument `" + text + "`");
    }
    out_.which = text;
    return {};
  }

  Result<void> flag(const std::string& text) {
    if (text == "--list" && out_.verb == Verb::scenario) {
      out_.verb = Verb::scenarios;
      return {};
    }
    if (out_.verb != Verb::add && out_.verb != Verb::scenario) {
      return fail(Errc::invalid_argument, "`" + text + "` is no flag of this command");
    }
    for (const Switch& each : kSwitches) {
      if (text != each.flag) continue;
      add(each.field, each.value);
      return {};
    }
    const std::size_t equals = text.find('=');
    IMDSD_TRY(const std::string value, value_of(text, equals));
    std::string field = text.substr(2, equals == std::string::npos ? equals : equals - 2);
    if (field == "body-file") {
      IMDSD_TRY(const std::string bytes, read_body(value));
      add("body_base64", base::base64_encode(bytes));
      return {};
    }
    std::replace(field.begin(), field.end(), '-', '_');
    add(field, value);
    return {};
  }

  Result<std::string> value_of(const std::string& text, std::size_t equals) {
    if (equals != std::string::npos) return text.substr(equals + 1);
    if (next_ + 1 < list_.size()) return list_[++next_];
    return fail(Errc::invalid_argument, "`" + text + "` needs a value");
  }

  void add(std::string_view field, std::string_view value) {
    if (!out_.form.empty()) out_.form += '&';
    out_.form += base::percent_encode(field) + "=" + base::percent_encode(value);
  }

  const std::vector<std::string>& list_;
  std::size_t next_ = 0;
  FaultCommand out_;
};

/// `path=iam/* status=503`
std::string rule_text(const Json& rule) {
  std::string out;
  for (const auto& [name, value] : rule.items()) {
    out += (out.empty() ? "" : " ") + name + "=" +
           (value.is_string() ? value.get<std::string>() : value.dump());
  }
  return out;
}

/// `2  active, 3 hits, 7 left, 8s left: path=iam/* status=503`
std::string fault_line(const Json& fault) {
  std::string out = fault.at("id").get<std::string>() + "  " + fault.at("state").get<std::string>();
  const auto hits = fault.at("hits").get<std::uint64_t>();
  out += ", " + std::to_string(hits) + (hits == 1 ? " hit" : " hits");
  if (const auto& left = fault.at("count_left"); !left.is_null())
    out += ", " + left.dump() + " left";
  if (const auto& left = fault.at("milliseconds_left"); !left.is_null()) {
    // In seconds, but for the last one.
    std::chrono::milliseconds time(left.get<std::int64_t>());
    if (time > std::chrono::seconds(1)) time = std::chrono::ceil<std::chrono::seconds>(time);
    out += ", " + base::format_duration(time) + " left";
  }
  out += ": " + rule_text(fault.at("rule"));
  if (const auto& name = fault.at("scenario"); !name.is_null()) {
    out += " (" + name.get<std::string>() + ")";
  }
  return out + "\n";
}

std::string list_text(const Json& json) {
  std::string out;
  for (const Json& fault : json.at("faults")) out += fault_line(fault);
  return out.empty() ? "no faults on " + json.at("instance").get<std::string>() + "\n" : out;
}

std::string scenarios_text(const Json& json) {
  constexpr std::size_t kWidth = 22;
  std::string out;
  for (const Json& scenario : json.at("scenarios")) {
    auto name = scenario.at("name").get<std::string>();
    name.resize(std::max(kWidth, name.size() + 1), ' ');
    out += name + scenario.at("what").get<std::string>() + "\n";
  }
  return out;
}

}  // namespace

Result<FaultCommand> parse_fault_command(const std::vector<std::string>& arguments) {
  return Parser(arguments).parse();
}

std::string fault_warning(std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object() || !json.contains("warning") || !json["warning"].is_string()) return {};
  return json["warning"].get<std::string>();
}

Result<std::string> faults_text(std::string_view body, Verb verb) {
  try {
    const Json json = Json::parse(body);
    switch (verb) {
      case Verb::add:
      case Verb::scenario:
        return fault_line(json);
      case Verb::list:
        return list_text(json);
      case Verb::clear:
        return "cleared " + json.at("cleared").dump() + " on " +
               json.at("instance").get<std::string>() + "\n";
      case Verb::scenarios:
        return scenarios_text(json);
    }
  } catch (const Json::exception&) {
    // Falls out: the daemon is of another version.
  }
  return fail(Errc::corrupt, "the daemon's answer is not understood");
}

}  // namespace imdsd::cli
