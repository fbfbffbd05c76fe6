// SPDX-License-Identifier: MIT
// All that `imdsctl doctor` judges by, as a value: the machine, the daemon, the shell that asks,
// and what answered. doctor.cc fills it in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "reach/machine.h"
#include "reach/plan.h"
#include "reach/step.h"

namespace imdsd::cli {

/// GET /v1/status and /v1/env, as far as they matter here.
struct DaemonFacts {
  bool running = false;
  std::string error = {};  // why nobody answered
  std::string version = {}, metadata_endpoint = {}, aws_endpoint = {};
  bool http_endpoint = true;     // imds.http_endpoint is "enabled"
  bool tokens_required = false;  // imds.http_tokens is "required"
  int hop_limit = 2;
  reach::Doors doors = {};
  struct Instance {
    std::string id, role, state, error;
  };
  std::vector<Instance> instances = {};
};

/// The profile that the shell's AWS clients use, in one of the two files.
struct ProfileFacts {
  std::string file;                   // its path
  std::vector<std::string> settings;  // names; none: no such file or profile
};

struct ClientFacts {
  base::Environment environment = {};
  std::string profile = "default";
  std::vector<ProfileFacts> profiles = {};
  std::optional<std::string> aws_version = std::nullopt;       // what `aws --version` prints
  std::optional<std::string> botocore_version = std::nullopt;  // of python3 on PATH
};

/// A request to the metadata service, made only where the address is this machine's own.
struct Answer {
  std::string url;  // with its final slash
  std::optional<std::string> instance_id = std::nullopt;
  std::string error = {};
};

struct Situation {
  reach::Machine machine = {};
  DaemonFacts daemon = {};
  ClientFacts client = {};
  std::vector<Answer> answers = {};
  std::vector<reach::Step> made = {};  // by `imdsctl up`, or about to be

  [[nodiscard]] const Answer* answer_of(const std::string& url) const {
    for (const auto& answer : answers) {
      if (answer.url == url) return &answer;
    }
    return nullptr;
  }
};

/// Both bodies; `env` may be empty. Errc::corrupt when the status is no JSON object.
[[nodiscard]] base::Result<DaemonFacts> parse_daemon_facts(std::string_view status,
                                                           std::string_view env);

}  // namespace imdsd::cli
