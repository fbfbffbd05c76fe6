// SPDX-License-Identifier: MIT
#include "cli/command_line.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace imdsd::cli {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using Command = CommandLine::Command;

struct CommandName {
  std::string_view name;
  Command command;
};
constexpr CommandName kCommands[] = {{"env", Command::env},
                                     {"exec", Command::exec},
                                     {"status", Command::status},
                                     {"rotate", Command::rotate},
                                     {"explain", Command::explain},
                                     {"ca", Command::ca},
                                     {"token", Command::token},
                                     {"identity-cert", Command::identity_cert},
                                     {"policy", Command::policy},
                                     {"fault", Command::fault},
                                     {"event", Command::event},
                                     {"set", Command::set},
                                     {"unset", Command::unset},
                                     {"up", Command::up},
                                     {"down", Command::down},
                                     {"doctor", Command::doctor},
                                     {"check-config", Command::check_config},
                                     {"credential-process", Command::credential_process},
                                     {"sign-in", Command::sign_in},
                                     {"whoami", Command::whoami},
                                     {"switch-role", Command::switch_role},
                                     {"switch-back", Command::switch_back},
                                     {"sign-out", Command::sign_out}};

std::optional<Command> find_command(std::string_view name) {
  for (const auto& entry : kCommands) {
    if (entry.name == name) return entry.command;
  }
  return std::nullopt;
}

class Parser {
 public:
  explicit Parser(const std::vector<std::string>& list) : list_(list) {}

  Result<CommandLine> parse() {
    for (; next_ < list_.size(); ++next_) {
      const std::string& argument = list_[next_];
      if (command_ == Command::exec && (argument == "--" || !argument.starts_with("-"))) {
        // All that follows is the child's, its flags as well.
        const auto first = list_.begin() + static_cast<std::ptrdiff_t>(next_);
        out_.child.assign(argument == "--" ? first + 1 : first, list_.end());
        break;
      }
      if (argument == "--version" || argument == "--help" || argument == "-h") {
        out_.command = argument == "--version" ? Command::version : Command::help;
        return out_;
      }
      if (reads_the_rest() && !is_of_every_command(argument)) {
        out_.rest.push_back(argument);
      } else if (argument.starts_with("-")) {
        IMDSD_TRY_VOID(flag(argument));
      } else {
        IMDSD_TRY_VOID(word(argument));
      }
    }
    if (!command_) return fail(Errc::invalid_argument, "a command is missing");
    out_.command = *command_;
    take_doors();
    IMDSD_TRY_VOID(check());
    return out_;
  }

 private:
  /// Commands whose own arguments are read elsewhere.
  [[nodiscard]] bool reads_the_rest() const {
    return command_ == Command::policy || is_about_metadata() || is_of_console();
  }
  [[nodiscard]] bool is_about_metadata() const {
    return command_ == Command::fault || command_ == Command::event || command_ == Command::set ||
           command_ == Command::unset;
  }
  [[nodiscard]] bool is_of_console() const {
    return command_ && *command_ >= Command::sign_in && *command_ <= Command::sign_out;
  }

  /// Of every command that has a daemon and an instance.
  static bool is_of_every_command(std::string_view argument) {
    const std::string_view name = argument.substr(0, argument.find('='));
    return name == "--socket" || name == "--instance" || argument == "--json";
  }

  Result<void> word(const std::string& text) {
    if (!command_) {
      command_ = find_command(text);
      if (command_) return {};
      return fail(Errc::invalid_argument, "unknown command `" + text + "`");
    }
    if (command_ == Command::check_config && out_.file.empty() && !text.empty()) {
      out_.file = text;
      return {};
    }
    if (command_ == Command::explain && out_.request_id.empty() && !text.empty()) {
      out_.request_id = text;
      return {};
    }
    return fail(Errc::invalid_argument, "unexpected argument `" + text + "`");
  }

  Result<void> flag(const std::string& text) {
    const auto equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (name == "--socket") return value(name, equals, out_.socket);
    if (name == "--instance") return value(name, equals, out_.instance);
    if (name == "--type") return value(name, equals, out_.type);
    if (name == "--caller") return value(name, equals, out_.caller);
    if (name == "--action") return value(name, equals, out_.action);
    if (name == "--resource") return value(name, equals, out_.resource);
    if (name == "--context") return value(name, equals, out_.context.emplace_back());
    if (name == "--namespace") return value(name, equals, out_.name_space);
    if (name == "--service-account") return value(name, equals, out_.service_account);
    if (name == "--audience") return value(name, equals, out_.audience);
    if (name == "--duration") return value(name, equals, out_.duration);
    if (name == "--task") return value(name, equals, out_.task);
    if (name == "--container") return value(name, equals, out_.container);
    if (name == "--role") return value(name, equals, out_.role);
    if (name == "--ca-file") return value(name, equals, out_.ca_file);
    if (name == "--interface") return value(name, equals, out_.up.interface);
    if (name == "--port80") return value(name, equals, out_.up.port80);
    if (name == "--bridge") return value(name, equals, out_.up.bridge);
    if (name == "--to") return value(name, equals, out_.up.to);
    if (text == "--ipv6") return on(out_.up.ipv6);
    if (text == "--ecs") return on(out_.up.ecs);
    if (text == "--eks") return on(out_.up.eks);
    if (text == "--dry-run") return on(out_.up.dry_run);
    if (text == "--force") return on(out_.up.force);
    if (text == "--tls") return on(out_.tls);
    if (text == "--netns") return on(out_.netns);
    if (text == "--json") return on(out_.json);
    if (text == "--encoded") return on(out_.encoded);
    if (text == "--fish") return on(out_.fish);
    if (text == "--java") return on(out_.java);
    if (text == "--admin") return on(out_.admin);
    if (text == "--signed-in") return on(out_.signed_in);
    return fail(Errc::invalid_argument, "unknown argument `" + text + "`");
  }

  static Result<void> on(bool& flag) {
    flag = true;
    return {};
  }

  Result<void> value(const std::string& name, std::size_t equals, std::string& out) {
    if (equals != std::string::npos) {
      out = list_[next_].substr(equals + 1);
    } else if (next_ + 1 < list_.size()) {
      out = list_[++next_];
    }
    if (!out.empty()) return {};
    return fail(Errc::invalid_argument, "`" + name + "` needs a value");
  }

  /// Flags come before or behind the command, so they are judged at the end.
  Result<void> check() const {
    const auto refuse = [](std::string_view flag) {
      return fail(Errc::invalid_argument, "`" + std::string(flag) + "` is no flag of this command");
    };
    const bool has_environment = command_ == Command::env || command_ == Command::exec;
    if (out_.fish && command_ != Command::env) return refuse("--fish");
    if ((out_.java || out_.admin) && !has_environment) {
      return refuse(out_.java ? "--java" : "--admin");
    }
    if (out_.netns && command_ != Command::exec) return refuse("--netns");
    if (command_ == Command::exec && out_.child.empty()) {
      return fail(Errc::invalid_argument, "exec needs a program: `imdsctl exec -- CMD ARG…`");
    }
    if ((out_.tls || !out_.ca_file.empty()) && !has_environment) {
      return refuse(out_.tls ? "--tls" : "--ca-file");
    }
    if (!out_.ca_file.empty() && !out_.tls) {
      return fail(Errc::invalid_argument, "`--ca-file` needs `--tls`");
    }
    IMDSD_TRY_VOID(check_doors());
    const bool of_token = !out_.audience.empty() || !out_.duration.empty();
    const bool of_pod = !out_.name_space.empty() || !out_.service_account.empty();
    if ((of_token || (of_pod && !out_.eks)) && command_ != Command::token) {
      return refuse("--namespace, --audience, …");
    }
    const bool of_process = command_ == Command::credential_process;
    const bool of_instance = command_ == Command::rotate || command_ == Command::status ||
                             command_ == Command::env || command_ == Command::exec ||
                             is_about_metadata() || command_ == Command::up ||
                             command_ == Command::doctor || of_process;
    if (!out_.instance.empty() && !of_instance) return refuse("--instance");
    if (!out_.role.empty() && !of_process && command_ != Command::exec) return refuse("--role");
    if (out_.signed_in && !has_environment && !of_process) return refuse("--signed-in");
    if (out_.signed_in && (!out_.role.empty() || out_.admin || out_.ecs || out_.eks)) {
      return fail(Errc::invalid_argument,
                  "`--signed-in` and `--role`, `--admin`, `--ecs`, `--eks` exclude each other");
    }
    if (!out_.type.empty() && command_ != Command::identity_cert) return refuse("--type");
    if (out_.json && (command_ == Command::exec || command_ == Command::check_config ||
                      command_ == Command::ca || command_ == Command::token || of_process)) {
      return refuse("--json");
    }
    if (command_ == Command::up) {
      const auto wish = out_.up.wish();
      if (!wish) return fail(Errc::invalid_argument, wish.error().message);
    } else if (const auto given = out_.up.first_given(command_ == Command::down ? "--dry-run" : "");
               !given.empty()) {
      return refuse(given);
    }
    const bool asks = !out_.caller.empty() || !out_.action.empty() || !out_.resource.empty() ||
                      !out_.context.empty();
    if (asks && command_ != Command::explain) return refuse("--caller, --action, …");
    if (asks && (out_.caller.empty() || !out_.request_id.empty())) {
      return fail(Errc::invalid_argument,
                  "explain takes a request id, or `--caller ARN --action SERVICE:ACTION`, or "
                  "nothing for the last denial");
    }
    if (out_.encoded && (command_ != Command::explain || asks)) {
      return fail(Errc::invalid_argument, "`--encoded` is for `explain [REQUEST-ID]`");
    }
    if (out_.encoded && out_.json) {
      return fail(Errc::invalid_argument, "`--encoded` and `--json` exclude each other");
    }
    if (!out_.caller.empty() && out_.action.empty()) {
      return fail(Errc::invalid_argument, "`--action` is missing");
    }
    if (out_.json && out_.fish) {
      return fail(Errc::invalid_argument, "`--json` and `--fish` exclude each other");
    }
    return {};
  }

  /// `up` has flags of the same names, for the addresses of these doors.
  void take_doors() {
    if (command_ == Command::up) return;
    out_.ecs = std::exchange(out_.up.ecs, false);
    out_.eks = std::exchange(out_.up.eks, false);
  }

  [[nodiscard]] Result<void> check_doors() const {
    const bool of_task = !out_.task.empty() || !out_.container.empty();
    if ((out_.ecs || out_.eks) && command_ != Command::env && command_ != Command::exec) {
      return fail(Errc::invalid_argument,
                  "`--ecs` and `--eks` are flags of `env`, `exec` and `up`");
    }
    if (of_task && !out_.ecs) {
      return fail(Errc::invalid_argument, "`--task` and `--container` need `--ecs`");
    }
    if (!out_.role.empty() && (out_.ecs || out_.eks || out_.admin)) {
      return fail(Errc::invalid_argument,
                  "`--role` and `--ecs`, `--eks`, `--admin` exclude each other");
    }
    if (out_.ecs + out_.eks + out_.admin > 1) {
      return fail(Errc::invalid_argument, "`--ecs`, `--eks` and `--admin` exclude each other");
    }
    if (out_.admin && out_.netns) {
      return fail(Errc::invalid_argument, "`--admin` and `--netns` exclude each other");
    }
    return {};
  }

  const std::vector<std::string>& list_;
  std::size_t next_ = 0;
  std::optional<Command> command_;
  CommandLine out_;
};

}  // namespace

Result<CommandLine> parse_command_line(const std::vector<std::string>& arguments) {
  return Parser(arguments).parse();
}

}  // namespace imdsd::cli
