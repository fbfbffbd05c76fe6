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
  [[nodiscard]] bool reads_the_rest() const { return is_about_metadata() || is_of_console(); }
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
    if (out_.ecs + out_.eks + out_.admin + out_.netns > 1) {
      return fail(Errc::invalid_argument,
                  "`--ecs`, `--eks`, `--admin` and `--netns` exclude each other");
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

std::string help_text() {
  return "usage: imdsctl [--socket PATH] COMMAND\n"
         "\n"
         "  env [--fish | --json] [--java]   variables that make AWS SDKs and CLIs use imdsd:\n"
         "                                   eval \"$(imdsctl env)\"\n"
         "      --admin                      as the administrator, not as the instance's role\n"
         "      --signed-in                  as who has signed in by `imdsctl sign-in`, in its "
         "role\n"
         "      --tls [--ca-file FILE]       over HTTPS; FILE: a copy of what `imdsctl ca` prints\n"
         "      --instance NAME              of several instances: this one, by name or id\n"
         "      --ecs [--task FAMILY] [--container NAME]\n"
         "                                   as a container of an ECS task\n"
         "      --eks [--namespace NS] [--service-account NAME]\n"
         "                                   as a pod, by EKS Pod Identity\n"
         "  exec [--netns] [--role NAME] [the flags of env] -- CMD ARG...\n"
         "                                   runs CMD with these variables; --netns: where only\n"
         "                                   imdsd is, at 169.254.169.254 and [fd00:ec2::254]\n"
         "  credential-process [--instance NAME] [--role NAME | --signed-in]\n"
         "                                   credentials for `credential_process` of a profile\n"
         "  sign-in [--account ID] [--mfa-code CODE] [--password-stdin] USER\n"
         "                                   signs an IAM user in, as at the console\n"
         "  whoami [--json]                  who is signed in, and in which role\n"
         "  switch-role [--account ID] [--session-name NAME] ROLE\n"
         "                                   has the user assume a role\n"
         "  switch-back                      the user as such again\n"
         "  sign-out                         ends it\n"
         "  ca                               the certificate that those who use HTTPS must trust\n"
         "  token [--namespace NS] [--service-account NAME] [--audience AUD] [--duration 1h]\n"
         "                                   a service account's token, as in a Kubernetes pod\n"
         "  status [--instance NAME] [--json]\n"
         "                                   what runs, and until when credentials are valid\n"
         "  rotate [--instance NAME] [--json]\n"
         "                                   new credentials now\n"
         "  explain [REQUEST-ID] [--json | --encoded]\n"
         "                                   why a call was denied, the last denial without an "
         "id,\n"
         "                                   and the smallest change that would allow it;\n"
         "                                   --encoded: as a message for\n"
         "                                   `aws sts decode-authorization-message`\n"
         "  explain --caller ARN --action SERVICE:ACTION [--resource ARN]\n"
         "      [--context KEY=VALUE]...     what would be decided, and by which statements\n"
         "  identity-cert [--type TYPE] [--json]\n"
         "                                   certificates that identity documents verify with;\n"
         "                                   TYPE: signature, pkcs7, rsa2048 or dsa2048\n"
         "  up [--ipv6] [--ecs] [--eks] [--interface lo|dummy] [--port80 redirect|direct]\n"
         "     [--bridge NAME] [--instance NAME | --to ADDRESS:PORT]\n"
         "     [--dry-run] [--force] [--json]\n"
         "                                   gives this machine 169.254.169.254, so that what has\n"
         "                                   the address built in works, too; takes root\n"
         "  down [--dry-run] [--json]        takes back what up has done\n"
         "  doctor [--instance NAME] [--json]\n"
         "                                   which ways lead to imdsd from here, and what is\n"
         "                                   wrong with the others; 1 when AWS clients do not\n"
         "                                   get there\n"
         "  fault add [--path PATTERN] [--status N | --latency D | --reset | …] [--count N] [--for "
         "D]\n"
         "  fault list | clear [ID]          trouble on command: docs/faults.md has the rest\n"
         "  fault scenario NAME | --list     trouble that instances have had\n"
         "  event spot --action terminate|stop|hibernate [--in 2m]\n"
         "  event rebalance [--in 30s]\n"
         "  event maintenance --code CODE [--state active|completed|canceled] [--in 1h]\n"
         "      [--for 2h] [--deadline 7d] [--id ID] [--description TEXT]\n"
         "  event asg --state Terminated\n"
         "  event instance-action --action none|shutdown|bundle-pending\n"
         "                                   has it happen to the instance\n"
         "  event list                       what has happened, what will, and what was set\n"
         "  event clear [KIND | scenario]    all of it, or of one kind, never happened\n"
         "  event play FILE                  has the events of a scenario happen over time\n"
         "  set PATH VALUE [--keep]          another value at a path of the metadata, such as\n"
         "  set PATH --absent [--keep]       placement/availability-zone; --keep: over a restart\n"
         "  unset [PATH]                     what the configuration says, again\n"
         "  check-config [FILE]              what imdsd would say about a configuration\n"
         "  --version                        prints the version, and ends\n"
         "  --help                           prints this, and ends\n"
         "\n"
         "The socket: --socket, else $IMDSD_ADMIN_SOCKET, else the first that answers of\n"
         "$XDG_RUNTIME_DIR/imdsd/admin.sock, /run/imdsd/admin.sock, and admin.sock in the state\n"
         "directory ($XDG_STATE_HOME/imdsd, else ~/.local/state/imdsd).\n";
}

}  // namespace imdsd::cli
