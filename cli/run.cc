// SPDX-License-Identifier: MIT
#include "cli/run.h"

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <system_error>
#include <unistd.h>

#include "base/codec.h"
#include "base/duration.h"
#include "cli/admin_client.h"
#include "cli/aws_cli_version.h"
#include "cli/client_environment.h"
#include "cli/command_line.h"
#include "cli/console_command.h"
#include "cli/console_session.h"
#include "cli/container_environment.h"
#include "cli/doctor.h"
#include "cli/events.h"
#include "cli/exec.h"
#include "cli/exec_netns.h"
#include "cli/fault.h"
#include "cli/format_environment.h"
#include "cli/identity_certificates.h"
#include "cli/policy.h"
#include "cli/program_output.h"
#include "cli/role_session.h"
#include "cli/status_text.h"
#include "cli/up.h"
#include "http/client.h"

namespace imdsd::cli {
namespace {

using base::Result;

int complain(const std::string& message) {
  std::fprintf(stderr, "imdsctl: %s\n", message.c_str());
  return 1;
}

int print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  return std::fflush(stdout) == 0 ? 0 : 1;
}

Result<std::string> ask(const CommandLine& line, const base::Environment& environment,
                        const std::string& method, const std::string& target,
                        std::chrono::seconds patience = kPatience, const std::string& body = {}) {
  return ask_daemon(socket_candidates(line.socket, environment), http::make_unix_client, method,
                    target, patience, body);
}

/// `path`, about the instance of the command line.
std::string of_instance(std::string path, const CommandLine& line) {
  if (!line.instance.empty()) path += "?instance=" + base::percent_encode(line.instance);
  return path;
}

/// Of a file that the printed variables name: the client that reads it would not say as much.
Result<void> check_readable(const std::string& path, const char* remedy) {
  if (::access(path.c_str(), R_OK) == 0) return {};
  return base::fail(
      base::Errc::access_denied,
      "`" + path + "` cannot be read: " + std::generic_category().message(errno) + "; " + remedy);
}

Result<DaemonEndpoints> ask_endpoints(const CommandLine& line,
                                      const base::Environment& environment) {
  // In a namespace of its own, no instance needs an address that is its alone.
  const auto target = line.netns ? std::string("/v1/env") : of_instance("/v1/env", line);
  IMDSD_TRY(const auto answer, ask(line, environment, "GET", target));
  IMDSD_TRY(auto endpoints, DaemonEndpoints::parse(answer));
  if (line.admin) {
    IMDSD_TRY_VOID(check_readable(
        endpoints.credentials_file,
        "as root, copy it for yourself, and name the copy by AWS_SHARED_CREDENTIALS_FILE, with "
        "AWS_PROFILE=imdsd-admin and what `imdsctl env` prints besides"));
  }
  if (!line.tls) return endpoints;
  if (endpoints.aws_tls_endpoint.empty()) {
    return base::fail(base::Errc::not_found,
                      "imdsd serves no HTTPS: name an address in aws.tls_listen");
  }
  if (!line.ca_file.empty()) endpoints.ca_file = line.ca_file;
  IMDSD_TRY_VOID(check_readable(endpoints.ca_file,
                                "copy the certificate, and name the copy: `imdsctl ca > ca.pem` "
                                "and `imdsctl env --tls --ca-file ca.pem`"));
  return endpoints;
}

Result<std::string> ask_credentials(const CommandLine& line, const base::Environment& environment) {
  if (line.signed_in) {
    IMDSD_TRY(const auto answer, ask_console_credentials(line, environment));
    return console_process_credentials(answer);
  }
  std::string target = "/v1/credential-process";
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    target.append(target.find('?') == std::string::npos ? "?" : "&").append(name);
    target += "=" + base::percent_encode(value);
  };
  add("instance", line.instance);
  add("role", line.role);
  return ask(line, environment, "GET", target);
}

/// Of another role than the instance's, or of who is signed in; none without --role and
/// --signed-in.
Result<std::vector<Variable>> ask_session(const CommandLine& line,
                                          const base::Environment& environment) {
  if (line.role.empty() && !line.signed_in) return std::vector<Variable>();
  IMDSD_TRY(const auto answer, ask_credentials(line, environment));
  return session_variables(answer);
}

ContainerChoice choice_of(const CommandLine& line) {
  return {line.eks ? Door::eks : Door::ecs,
          line.task,
          line.container,
          line.name_space,
          line.service_account,
          line.netns};
}

/// What `env` prints and `exec` sets.
Result<std::vector<Variable>> ask_variables(const CommandLine& line,
                                            const base::Environment& environment,
                                            DaemonEndpoints endpoints) {
  const Audience audience{line.java, line.admin, line.tls};
  if (!line.ecs && !line.eks) {
    IMDSD_TRY(const auto session, ask_session(line, environment));
    return with_session(client_environment(endpoints, environment, audience), session);
  }
  IMDSD_TRY(const auto answer, ask(line, environment, "GET", "/v1/containers"));
  IMDSD_TRY(const auto door, container_variables(answer, choice_of(line)));
  endpoints.hosts.push_back(door.host);
  return through_door(client_environment(endpoints, environment, audience), door.variables);
}

int env(const CommandLine& line, const base::Environment& environment) {
  const auto endpoints = ask_endpoints(line, environment);
  const auto asked = endpoints ? ask_variables(line, environment, *endpoints)
                               : Result<std::vector<Variable>>(tl::unexpected(endpoints.error()));
  if (!asked) {
    // eval of nothing succeeds, and `eval "$(imdsctl env)" && aws …` would go to the real AWS.
    if (!line.json) print(line.fish ? "false;\n" : "false\n");
    return complain(asked.error().message);
  }
  const auto& variables = *asked;
  const auto text = line.json   ? format_as_json(variables)
                    : line.fish ? format_for_fish(variables)
                                : format_for_sh(variables);
  const int code = print(text);
  constexpr std::chrono::seconds kStart{5};  // a cold Python start takes one or two
  if (const auto version = program_output({"aws", "--version"}, kStart)) {
    if (const auto warning = aws_cli_warning(*version, endpoints->aws_endpoint)) {
      std::fprintf(stderr, "imdsctl: warning: %s\n", warning->c_str());
    }
  }
  return code;
}

Result<NamespaceWish> wish_for_namespace(const CommandLine& line,
                                         const base::Environment& environment,
                                         const DaemonEndpoints& endpoints) {
  NamespaceWish wish{endpoints, line.instance, {line.java, line.admin, line.tls}, {}, {}, {}};
  IMDSD_TRY(const auto containers, ask(line, environment, "GET", "/v1/containers"));
  IMDSD_TRY(wish.doors, open_doors(containers));
  if (line.ecs || line.eks) {
    IMDSD_TRY(const auto door, container_variables(containers, choice_of(line)));
    wish.door = door.variables;
  } else {
    IMDSD_TRY(wish.session, ask_session(line, environment));
  }
  return wish;
}

/// Returns only when the program cannot be run, or with the exit code of one in a namespace.
int exec(const CommandLine& line, const base::Environment& environment) {
  const auto endpoints = ask_endpoints(line, environment);
  if (!endpoints) return complain(endpoints.error().message);
  if (line.netns) {
    const auto wish = wish_for_namespace(line, environment, *endpoints);
    if (!wish) return complain(wish.error().message);
    return exec_in_namespace(*wish, line.child, environment);
  }
  const auto variables = ask_variables(line, environment, *endpoints);
  if (!variables) return complain(variables.error().message);
  return exec_command(line.child, child_environment(environment, *variables));
}

/// Prints what the daemon gave, as it is.
int print_answer(const Result<std::string>& answer) {
  return answer ? print(*answer) : complain(answer.error().message);
}

int token(const CommandLine& line, const base::Environment& environment) {
  std::string query;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    query.append(query.empty() ? "?" : "&").append(name).append("=" + base::percent_encode(value));
  };
  add("namespace", line.name_space);
  add("service-account", line.service_account);
  add("audience", line.audience);
  if (!line.duration.empty()) {
    const auto duration = base::parse_duration(line.duration);
    if (!duration) return complain("--duration: " + duration.error().message);
    add("duration", std::to_string(std::chrono::floor<std::chrono::seconds>(*duration).count()));
  }
  return print_answer(ask(line, environment, "POST", "/v1/token" + query, kPatienceForKeys));
}

int status(const CommandLine& line, const Result<std::string>& answer) {
  if (!answer) return complain(answer.error().message);
  if (line.json) return print(*answer);
  const auto text = status_text(*answer);
  return text ? print(*text) : complain(text.error().message);
}

int rotate(const CommandLine& line, const base::Environment& environment) {
  return status(line, ask(line, environment, "POST", of_instance("/v1/rotate", line)));
}

int explain(const CommandLine& line, const base::Environment& environment) {
  std::string target = "/v1/explain?json=" + std::string(line.json ? "true" : "false");
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) target.append("&").append(name).append("=" + base::percent_encode(value));
  };
  add("request", line.request_id);
  if (line.encoded) add("encoded", "true");
  add("caller", line.caller);
  add("action", line.action);
  add("resource", line.resource);
  for (const auto& key : line.context) add("key", key);
  const auto answer = ask(line, environment, "GET", target);
  return answer ? print(*answer) : complain(answer.error().message);
}

int identity_cert(const CommandLine& line, const base::Environment& environment) {
  const auto answer = ask(line, environment, "GET", "/v1/identity-certificates", kPatienceForKeys);
  if (!answer) return complain(answer.error().message);
  const auto text = line.json ? identity_certificates_json(*answer, line.type)
                              : identity_certificates_text(*answer, line.type);
  return text ? print(*text) : complain(text.error().message);
}

int policy(const CommandLine& line, const base::Environment& environment) {
  const auto target = policy_target(line.rest);
  if (!target) {
    complain(target.error().message);
    return 2;
  }
  const auto answer = ask(line, environment, "GET", *target, kPatienceForKeys);
  if (!answer || line.json) return print_answer(answer);
  const auto text = policy_text(*answer);
  if (!text) return complain(text.error().message);
  std::fputs(text->notes.c_str(), stderr);
  return print(text->document);
}

int fault(const CommandLine& line, const base::Environment& environment) {
  using Verb = FaultCommand::Verb;
  const auto command = parse_fault_command(line.rest);
  if (!command) {
    complain(command.error().message);
    return 2;
  }
  const bool adds = command->verb == Verb::add || command->verb == Verb::scenario;
  std::string target = command->verb == Verb::scenarios ? "/v1/fault-scenarios" : "/v1/faults";
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty() || command->verb == Verb::scenarios) return;
    target += target.find('?') == std::string::npos ? "?" : "&";
    target.append(name).append("=" + base::percent_encode(value));
  };
  add("instance", line.instance);
  if (command->verb == Verb::clear) add("fault", command->which);
  const auto answer = ask(line, environment,
                          adds                           ? "POST"
                          : command->verb == Verb::clear ? "DELETE"
                                                         : "GET",
                          target, kPatience, command->form);
  if (answer && adds) {
    const auto warning = fault_warning(*answer);
    if (!warning.empty()) std::fprintf(stderr, "imdsctl: warning: %s\n", warning.c_str());
  }
  if (!answer || line.json) return print_answer(answer);
  return print_answer(faults_text(*answer, command->verb));
}

int event(const CommandLine& line, const base::Environment& environment) {
  const auto call = event_call(line);
  if (!call) {
    const int code = complain(call.error().message);
    return call.error().code == base::Errc::invalid_argument ? 2 : code;
  }
  const auto answer = ask(line, environment, call->method, call->target, kPatience, call->body);
  if (!answer || line.json) return print_answer(answer);
  const auto text = events_text(*answer);
  return text ? print(*text) : complain(text.error().message);
}

/// imdsd itself judges, so that what passes here is what it starts with. Returns only when it
/// cannot be started.
int check_config(const CommandLine& line) {
  std::array<char, PATH_MAX> self{};
  std::string program = "imdsd";
  const auto size = ::readlink("/proc/self/exe", self.data(), self.size() - 1);
  if (size > 0) {
    const std::string path(self.data(), static_cast<std::size_t>(size));
    const std::string beside = path.substr(0, path.rfind('/') + 1) + "imdsd";
    if (::access(beside.c_str(), X_OK) == 0) program = beside;
  }
  std::vector<const char*> arguments = {program.c_str(), "--check-config"};
  if (!line.file.empty()) {
    arguments.push_back("--config");
    arguments.push_back(line.file.c_str());
  }
  arguments.push_back(nullptr);
  ::execvp(program.c_str(), const_cast<char* const*>(arguments.data()));
  return complain("cannot start `" + program + "`: " + std::generic_category().message(errno));
}

}  // namespace

int run(const std::vector<std::string>& argv, const base::Environment& environment) {
  const auto line = parse_command_line({argv.begin() + (argv.empty() ? 0 : 1), argv.end()});
  if (!line) {
    complain(line.error().message + "\n`imdsctl --help` has the commands and their flags");
    return 2;
  }
  switch (line->command) {
    case CommandLine::Command::version:
      return print("imdsctl " IMDSD_VERSION "\n");
    case CommandLine::Command::help:
      return print(help_text());
    case CommandLine::Command::env:
      return env(*line, environment);
    case CommandLine::Command::exec:
      return exec(*line, environment);
    case CommandLine::Command::status:
      return status(*line, ask(*line, environment, "GET", of_instance("/v1/status", *line)));
    case CommandLine::Command::rotate:
      return rotate(*line, environment);
    case CommandLine::Command::explain:
      return explain(*line, environment);
    case CommandLine::Command::ca:
      return print_answer(ask(*line, environment, "GET", "/v1/ca"));
    case CommandLine::Command::token:
      return token(*line, environment);
    case CommandLine::Command::identity_cert:
      return identity_cert(*line, environment);
    case CommandLine::Command::policy:
      return policy(*line, environment);
    case CommandLine::Command::fault:
      return fault(*line, environment);
    case CommandLine::Command::event:
    case CommandLine::Command::set:
    case CommandLine::Command::unset:
      return event(*line, environment);
    case CommandLine::Command::check_config:
      return check_config(*line);
    case CommandLine::Command::up:
      return up(*line, environment, argv);
    case CommandLine::Command::down:
      return down(*line, argv);
    case CommandLine::Command::doctor:
      return doctor(*line, environment);
    case CommandLine::Command::credential_process:
      return print_answer(ask_credentials(*line, environment));
    case CommandLine::Command::sign_in:
    case CommandLine::Command::whoami:
    case CommandLine::Command::switch_role:
    case CommandLine::Command::switch_back:
    case CommandLine::Command::sign_out:
      return run_console_command(*line, environment);
  }
  return 2;
}

}  // namespace imdsd::cli
