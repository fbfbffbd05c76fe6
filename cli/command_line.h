// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/up_options.h"

namespace imdsd::cli {

struct CommandLine {
  enum class Command {
    env,
    exec,
    status,
    rotate,
    explain,
    ca,
    token,
    identity_cert,
    policy,
    fault,
    event,
    set,
    unset,
    check_config,
    up,
    down,
    doctor,
    credential_process,
    sign_in,
    whoami,
    switch_role,
    switch_back,
    sign_out,
    version,
    help
  } command = Command::help;
  std::string socket;  // empty: look for it
  bool json = false;
  bool fish = false;
  bool java = false;
  bool admin = false;             // env: the administrator's keys instead of the instance's role
  bool tls = false;               // env: the AWS APIs over HTTPS
  std::string ca_file;            // env --tls; empty: the daemon's own
  bool ecs = false, eks = false;  // env: through the door of ECS tasks, or of EKS pods
  std::string task, container;    // env --ecs; empty: the first
  bool signed_in = false;         // env, exec, credential-process: as whom sign-in has signed in
  std::string role;               // credential-process, exec; empty: the instance's
  // env, rotate, status, credential-process: a name or an id; empty: all, or the default one
  std::string instance;
  // token: empty: the defaults; the first two of env --eks, too
  std::string name_space, service_account, audience, duration;
  std::string type;                // identity-cert; empty: all
  std::string file;                // check-config; empty: where imdsd looks
  bool netns = false;              // exec: in a network namespace of its own
  std::vector<std::string> child;  // exec: program and arguments
  bool encoded = false;            // explain: for DecodeAuthorizationMessage
  // explain: a request, or what would be decided
  std::string request_id, caller, action, resource;
  std::vector<std::string> context;  // KEY=VALUE
  UpOptions up;                      // up, down
  // policy, fault, event, set, unset, and those of the console: what these read themselves
  std::vector<std::string> rest;
};

/// `arguments` without the program's name. A flag that its command does not have is an error.
[[nodiscard]] base::Result<CommandLine> parse_command_line(
    const std::vector<std::string>& arguments);

[[nodiscard]] std::string help_text();

}  // namespace imdsd::cli
