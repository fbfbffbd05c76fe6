// SPDX-License-Identifier: MIT
#include "cli/console_command.h"

#include <nlohmann/json.hpp>

#include "aws/arn.h"

namespace imdsd::cli {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using Command = CommandLine::Command;
using Json = nlohmann::ordered_json;

class Parser {
 public:
  explicit Parser(const CommandLine& line) : line_(line) {}

  Result<ConsoleCommand> parse() {
    for (; next_ < line_.rest.size(); ++next_) {
      const std::string& argument = line_.rest[next_];
      if (argument.starts_with("-")) {
        IMDSD_TRY_VOID(flag(argument));
      } else {
        IMDSD_TRY_VOID(word(argument));
      }
    }
    if (signs_in() && out_.user.empty()) return bad("the user's name is missing");
    if (switches() && out_.role.empty()) return bad("the role's name or ARN is missing");
    IMDSD_TRY_VOID(read_arn());
    return out_;
  }

 private:
  static tl::unexpected<base::Error> bad(std::string message) {
    return fail(Errc::invalid_argument, std::move(message));
  }
  [[nodiscard]] bool signs_in() const { return line_.command == Command::sign_in; }
  [[nodiscard]] bool switches() const { return line_.command == Command::switch_role; }

  Result<void> word(const std::string& text) {
    std::string* const place = signs_in() ? &out_.user : switches() ? &out_.role : nullptr;
    if (place == nullptr || !place->empty() || text.empty()) {
      return bad("unexpected argument `" + text + "`");
    }
    *place = text;
    return {};
  }

  Result<void> flag(const std::string& text) {
    const auto equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (signs_in() && text == "--password-stdin") {
      out_.password_stdin = true;
      return {};
    }
    std::string* const place = name == "--account" && (signs_in() || switches()) ? &out_.account
                               : name == "--mfa-code" && signs_in()              ? &out_.mfa_code
                               : name == "--session-name" && switches() ? &out_.session_name
                                                                        : nullptr;
    if (place == nullptr) return bad("`" + name + "` is no flag of this command");
    if (equals != std::string::npos) {
      *place = text.substr(equals + 1);
    } else if (next_ + 1 < line_.rest.size()) {
      *place = line_.rest[++next_];
    }
    if (place->empty()) return bad("`" + name + "` needs a value");
    return {};
  }

  /// An ARN says both.
  Result<void> read_arn() {
    if (!out_.role.starts_with("arn:")) return {};
    constexpr std::string_view kType = "role/";
    const auto arn = aws::Arn::parse(out_.role);
    if (!arn || arn->service != "iam" || !arn->resource.starts_with(kType)) {
      return bad("`" + out_.role + "` is no role's ARN");
    }
    if (!out_.account.empty() && out_.account != arn->account) {
      return bad("`--account` is another one than the ARN's");
    }
    out_.account = arn->account;
    out_.role = arn->resource.substr(kType.size());
    return {};
  }

  const CommandLine& line_;
  std::size_t next_ = 0;
  ConsoleCommand out_;
};

Result<Json> read(std::string_view body, std::initializer_list<const char*> members) {
  auto json = Json::parse(body, nullptr, false);
  for (const char* const member : members) {
    if (!json.is_object() || !json.contains(member)) {
      return fail(Errc::corrupt,
                  "imdsd's answer cannot be read: is it of version " IMDSD_VERSION "?");
    }
  }
  return json;
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Result<ConsoleCommand> ConsoleCommand::parse(const CommandLine& line) {
  return Parser(line).parse();
}

std::string ConsoleCommand::switch_role_body() const {
  const Json json = {{"account", account}, {"role", role}, {"session_name", session_name}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> whoami_text(std::string_view body) {
  IMDSD_TRY(const auto json, read(body, {"user", "identity"}));
  const Json &user = json["user"], &identity = json["identity"];
  std::string out = identity.value("arn", "") + "\n";
  out += "  account    " + identity.value("account", "") + "\n";
  out += "  user id    " + identity.value("user_id", "") + "\n";
  if (json.contains("role")) {
    out += "  role       " + json["role"].value("role", "") + " in " +
           json["role"].value("account", "") + ", until " + identity.value("expires", "") + "\n";
  } else if (const auto why = json.value("role_ended", ""); !why.empty()) {
    out += "  role       none: " + why + "\n";
  }
  out += "  signed in  " + user.value("arn", "") + ", " +
         (user.value("mfa", false) ? "with" : "without") + " MFA, until " +
         user.value("expires", "") + "\n";
  return out;
}

Result<std::string> whoami_json(std::string_view body) {
  IMDSD_TRY(auto json, read(body, {"user", "identity"}));
  json.erase("csrf_token");     // of pages
  json.erase("session_token");  // a secret
  return dump(json);
}

Result<std::string> console_process_credentials(std::string_view body) {
  IMDSD_TRY(const auto given,
            read(body, {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}));
  Json json = {{"Version", 1}};
  for (const char* const name : {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}) {
    json[name] = given[name];
  }
  return dump(json);
}

}  // namespace imdsd::cli
