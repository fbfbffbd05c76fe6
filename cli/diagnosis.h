// SPDX-License-Identifier: MIT
// What `imdsctl doctor` says: which routes lead to the metadata service from here, and what stands
// in the way, each with what to do. Pure. No value of a variable or setting is ever part of it.
#pragma once

#include <string>
#include <vector>

#include "cli/situation.h"

namespace imdsd::cli {

inline constexpr const char* kEndpointVariable = "AWS_EC2_METADATA_SERVICE_ENDPOINT";

struct ClientRoute {
  std::string name;  // the variable, or the URL
  bool works = false;
  std::string detail;  // what answered, or why not
  friend bool operator==(const ClientRoute&, const ClientRoute&) = default;
};

struct Finding {
  enum class Level {
    problem,  // AWS clients of this shell do not get imdsd's credentials while it is so
    note
  } level = Level::problem;
  std::string id;      // stable, for scripts
  std::string text;    // what is so
  std::string remedy;  // what to do; a command where there is one
  friend bool operator==(const Finding&, const Finding&) = default;
};

struct Diagnosis {
  std::vector<ClientRoute> routes;
  std::vector<Finding> findings;
  [[nodiscard]] bool healthy() const;
};

[[nodiscard]] Diagnosis diagnose(const Situation& situation);

/// Has the commands that it advises lead to this instance; empty: as they are.
void name_instance(Diagnosis& diagnosis, const std::string& instance);

/// The URL that AWS clients of this shell ask: by AWS_EC2_METADATA_SERVICE_ENDPOINT, else by its
/// mode (https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-client.html).
[[nodiscard]] std::string client_url(const base::Environment& environment);

// Its parts: each adds to `out` what it finds.

/// The daemon itself: runs, serves, has credentials.
void diagnose_daemon(const Situation& situation, std::vector<Finding>& out);
/// The routes, in the order in which clients try them.
[[nodiscard]] std::vector<ClientRoute> diagnose_routes(const Situation& situation);
/// The machine: an `up` that was interrupted, packet filters, clouds, containers.
void diagnose_machine(const Situation& situation, const std::vector<ClientRoute>& routes,
                      std::vector<Finding>& out);
/// The shell: what comes before the instance's role, and what is too old.
void diagnose_client(const Situation& situation, std::vector<Finding>& out);

[[nodiscard]] std::string diagnosis_text(const Situation& situation, const Diagnosis& diagnosis);
[[nodiscard]] std::string diagnosis_json(const Situation& situation, const Diagnosis& diagnosis);

}  // namespace imdsd::cli
