// SPDX-License-Identifier: MIT
#include "cli/events.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/codec.h"

namespace imdsd::cli {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using Json = nlohmann::ordered_json;

constexpr std::string_view kKinds = "spot, rebalance, maintenance, asg or instance-action";

/// A path with its query.
class Target {
 public:
  Target(std::string path, const CommandLine& line) : text_(std::move(path)) {
    add("instance", line.instance);
  }
  Target& add(std::string_view name, std::string_view value) {
    if (value.empty()) return *this;
    text_.append(first_ ? "?" : "&").append(name).append("=").append(base::percent_encode(value));
    first_ = false;
    return *this;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
  bool first_ = true;
};

Result<std::string> read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             &std::fclose);
  std::string content;
  std::array<char, 16384> piece;
  while (file && std::feof(file.get()) == 0 && std::ferror(file.get()) == 0) {
    content.append(piece.data(), std::fread(piece.data(), 1, piece.size(), file.get()));
  }
  if (file && std::ferror(file.get()) == 0) return content;
  return fail(Errc::not_found,
              "cannot read `" + path + "`: " + std::generic_category().message(errno));
}

/// The arguments behind the command, told apart: `--in 2m`, `--in=2m`, `--keep`, words.
struct Arguments {
  std::vector<std::string> words;
  std::vector<std::pair<std::string, std::string>> fields;
  bool keep = false, absent = false;

  static Result<Arguments> parse(const std::vector<std::string>& list) {
    Arguments out;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string& text = list[i];
      const std::size_t equals = text.find('=');
      if (text == "--keep" || text == "--absent") {
        (text == "--keep" ? out.keep : out.absent) = true;
      } else if (!text.starts_with("--")) {
        out.words.push_back(text);
      } else if (equals != std::string::npos) {
        out.fields.emplace_back(text.substr(2, equals - 2), text.substr(equals + 1));
      } else if (i + 1 < list.size()) {
        out.fields.emplace_back(text.substr(2), list[++i]);
      } else {
        return fail(Errc::invalid_argument, "`" + text + "` needs a value");
      }
    }
    return out;
  }

  [[nodiscard]] Result<void> no_fields() const {
    if (fields.empty()) return {};
    return fail(Errc::invalid_argument,
                "`--" + fields.front().first + "` is no flag of this command");
  }
  [[nodiscard]] Result<void> no_switches() const {
    if (!keep && !absent) return {};
    return fail(Errc::invalid_argument,
                std::string("`") + (keep ? "--keep" : "--absent") + "` is no flag of this command");
  }
  [[nodiscard]] Result<void> words_up_to(std::size_t count) const {
    if (words.size() <= count) return {};
    return fail(Errc::invalid_argument, "unexpected argument `" + words[count] + "`");
  }
};

Result<EventCall> clear(const CommandLine& line, const Arguments& given) {
  IMDSD_TRY_VOID(given.no_fields());
  IMDSD_TRY_VOID(given.words_up_to(2));
  const std::string what = given.words.size() > 1 ? given.words[1] : "";
  if (what == "scenario") return EventCall{"DELETE", Target("/v1/scenario", line).take(), ""};
  return EventCall{"POST", Target("/v1/events", line).add("kind", "clear").add("what", what).take(),
                   ""};
}

Result<EventCall> play(const CommandLine& line, const Arguments& given) {
  IMDSD_TRY_VOID(given.no_fields());
  IMDSD_TRY_VOID(given.words_up_to(2));
  if (given.words.size() < 2) {
    return fail(Errc::invalid_argument, "`event play` needs the file of a scenario");
  }
  IMDSD_TRY(std::string scenario, read_file(given.words[1]));
  return EventCall{"POST", Target("/v1/scenario", line).add("name", given.words[1]).take(),
                   std::move(scenario)};
}

Result<EventCall> event(const CommandLine& line, const Arguments& given) {
  IMDSD_TRY_VOID(given.no_switches());
  if (given.words.empty()) {
    return fail(Errc::invalid_argument,
                "`event` needs one of " + std::string(kKinds) + ", or list, clear or play");
  }
  const std::string& kind = given.words[0];
  if (kind == "clear") return clear(line, given);
  if (kind == "play") return play(line, given);
  IMDSD_TRY_VOID(given.words_up_to(1));
  if (kind == "list") {
    IMDSD_TRY_VOID(given.no_fields());
    return EventCall{"GET", Target("/v1/events", line).take(), ""};
  }
  Target target("/v1/events", line);
  target.add("kind", kind);
  for (const auto& [name, value] : given.fields) target.add(name, value);
  return EventCall{"POST", target.take(), ""};
}

Result<EventCall> set(const CommandLine& line, const Arguments& given) {
  IMDSD_TRY_VOID(given.no_fields());
  IMDSD_TRY_VOID(given.words_up_to(given.absent ? 1 : 2));
  if (given.words.size() < (given.absent ? 1U : 2U)) {
    return fail(Errc::invalid_argument, "`set` needs a path and a value, or `--absent`");
  }
  Target target("/v1/metadata", line);
  target.add("path", given.words[0]);
  if (given.keep) target.add("keep", "true");
  if (given.absent) target.add("absent", "true");
  return EventCall{"PUT", target.take(), given.absent ? "" : given.words[1]};
}

Result<EventCall> unset(const CommandLine& line, const Arguments& given) {
  IMDSD_TRY_VOID(given.no_fields());
  IMDSD_TRY_VOID(given.no_switches());
  IMDSD_TRY_VOID(given.words_up_to(1));
  Target target("/v1/metadata", line);
  if (!given.words.empty()) target.add("path", given.words[0]);
  return EventCall{"DELETE", target.take(), ""};
}

std::string row(std::string_view label, const std::string& text) {
  std::string out = "  " + std::string(label);
  out.resize(std::max<std::size_t>(out.size() + 2, 19), ' ');
  return out + text + "\n";
}

std::string word(const Json& object, const char* name) {
  return object.at(name).get<std::string>();
}

std::string events(const Json& json) {
  std::string out;
  if (const Json& spot = json.at("spot"); !spot.is_null()) {
    out += row("spot", word(spot, "action") + " at " + word(spot, "time"));
  }
  if (const Json& rebalance = json.at("rebalance"); !rebalance.is_null()) {
    out += row("rebalance", "noticed at " + word(rebalance, "notice_time"));
  }
  for (const Json& each : json.at("maintenance")) {
    out += row("maintenance", word(each, "code") + " " + word(each, "state") + ", " +
                                  word(each, "not_before") + " to " + word(each, "not_after") +
                                  ", " + word(each, "id"));
  }
  if (const Json& asg = json.at("asg"); !asg.is_null()) out += row("asg", word(asg, "state"));
  if (const Json& action = json.at("instance-action"); !action.is_null()) {
    out += row("instance-action", word(action, "action"));
  }
  return out;
}

std::string scenario(const Json& json) {
  if (json.is_null()) return "";
  const std::string progress =
      json.at("taken").dump() + " of " + json.at("steps").dump() + " events";
  std::string out =
      row("scenario",
          word(json, "name") + ", " + progress +
              (json.at("next").is_null() ? ", over" : ", the next at " + word(json, "next")));
  for (const Json& problem : json.at("problems")) out += row("", problem.get<std::string>());
  return out;
}

std::string change(const Json& json) {
  std::string text = word(json, "path");
  text += json.at("value").is_null() ? " absent" : " = " + word(json, "value");
  if (json.at("keep").get<bool>()) text += " (kept)";
  if (!json.at("problem").is_null()) text += ", not shown: " + word(json, "problem");
  return row("set", text);
}

}  // namespace

Result<EventCall> event_call(const CommandLine& line) {
  IMDSD_TRY(const auto given, Arguments::parse(line.rest));
  if (line.command == CommandLine::Command::set) return set(line, given);
  if (line.command == CommandLine::Command::unset) return unset(line, given);
  return event(line, given);
}

Result<std::string> events_text(std::string_view body) {
  try {
    const Json json = Json::parse(body);
    std::string out = events(json.at("events"));
    for (const Json& each : json.at("pending")) {
      out += row("pending", word(each, "kind") + " at " + word(each, "at"));
    }
    out += scenario(json.at("scenario"));
    for (const Json& each : json.at("changes")) out += change(each);
    return word(json, "instance") + (out.empty() ? ": no events, nothing set\n" : "\n" + out);
  } catch (const Json::exception&) {
    return fail(Errc::corrupt, "the daemon's answer is not understood");
  }
}

}  // namespace imdsd::cli
