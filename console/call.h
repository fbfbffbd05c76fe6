// SPDX-License-Identifier: MIT
// One request to the console's API, and what it is answered with.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "aws/service_error.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "base/ip_network.h"
#include "base/secret.h"
#include "base/snapshot_cell.h"
#include "console/session_store.h"
#include "gateway/gateway.h"
#include "gateway/recent_requests.h"
#include "iam/json_writer.h"
#include "iam/simulate.h"
#include "sts/authority.h"

namespace imdsd::console {

/// What a reload may change besides the Authority.
struct Settings {
  std::vector<std::string> allowed_hosts;  // beside IP literals, localhost and *.localhost
  std::string region;                      // aws:RequestedRegion of what the console asks
  std::vector<base::IpNetwork> trusted_proxies = {};  // whose word on the client is taken
};

/// An instance as the page lists it.
struct InstanceRow {
  std::string account, id, name, profile, role, state, error;
  std::optional<base::SystemTime> expiration, next_rotation;
};

/// What the console stands on. All of it outlives the console and is thread-safe.
struct Parts {
  const base::Clock& clock;
  base::Random& random;
  const base::SnapshotCell<sts::Authority>& authority;
  const gateway::Gateway& gateway;
  gateway::AuditSink& audit;
  gateway::RecentRequests& requests;
  const gateway::RecentDenials& denials;
  iam::UsageTracker& usage;
  std::function<std::vector<InstanceRow>()> instances;
};

struct Call {
  const base::HttpRequest& http;
  const sts::Authority& authority;
  const Settings& settings;
  base::SystemTime now;
  std::string_view token;   // of the session; empty: nobody is signed in
  Session session = {};     // of whom is signed in
  iam::Caller caller = {};  // whom the services see: the user, or the session of the switched role
};

/// JSON, or an error. The error's code is AWS's where AWS has one.
struct Refusal {
  int status = 400;
  std::string code, message;
  std::string detail_json;  // members of the answer beside these: `"request_id":"…"`; or empty
};
struct Answer {
  std::string json;
  std::optional<base::Secret> token;  // of a session that begins; empty: it ends
};
using Reply = tl::expected<Answer, Refusal>;

[[nodiscard]] tl::unexpected<Refusal> refuse(int status, std::string code, std::string message);
/// The same as a service has put it.
[[nodiscard]] tl::unexpected<Refusal> refuse(const aws::ServiceError& error);

/// A question to the engine as the services would ask it for a request from where this one is
/// from. `resource`: an ARN, or "*".
[[nodiscard]] iam::Simulation question(const Call& call, const iam::Caller& caller,
                                       std::string action, std::string resource);
/// May the caller do this? As auth.mode has it.
[[nodiscard]] bool may(const Call& call, std::string action, std::string resource);

/// 403 AccessDenied for what may() has denied. `what`: the action, and on what.
[[nodiscard]] tl::unexpected<Refusal> lacks(std::string_view what, const Call& call);

/// A member with a time as AWS writes it, empty where there is none.
void write_time(iam::JsonWriter& json, std::string_view name,
                const std::optional<base::SystemTime>& time);

}  // namespace imdsd::console
