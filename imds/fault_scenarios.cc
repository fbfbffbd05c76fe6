// SPDX-License-Identifier: MIT
#include "imds/fault_scenarios.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "aws/query_protocol.h"
#include "base/nearest_name.h"

namespace imdsd::imds {
namespace {

using base::Errc;
using base::Result;

constexpr FaultScenario kScenarios[] = {
    {"slow-first-byte", "every answer takes 1.5 s, longer than most SDKs wait", "latency=1500ms"},
    {"slow-tail", "most answers are fast, one of a hundred takes over 2 s", "latency=p99%3D2s"},
    {"no-answer", "connections are accepted and nothing is ever answered", "hang=true"},
    {"connection-reset", "every connection is reset when its request is in", "reset=true"},
    {"server-errors", "every answer is 500", "status=500"},
    {"throttled", "beyond 2 requests at once and 1 a second, answers are 429", "rate=1/s&burst=2"},
    {"flapping", "5 s of 503, 5 s of service, over and over", "cycle=5s/10s&status=503"},
    {"token-403", "tokens are refused: the endpoint is off for IMDSv2 clients",
     "path=api/token&status=403"},
    {"token-404", "there is no token endpoint: a service from before IMDSv2",
     "path=api/token&status=404"},
    {"token-timeout", "tokens never arrive: a hop limit below the client's distance",
     "path=api/token&hang=true"},
    {"token-rejected", "the next request has its token refused once, as after a reboot",
     "path=meta-data/*&status=401&count=1"},
    {"imds-off", "http_endpoint is disabled: every answer is 403", "http_endpoint=disabled"},
    {"v2-required", "http_tokens is required: requests without a token get 401",
     "http_tokens=required"},
    {"hop-limit-1", "token answers do not pass a router, as from a container's network",
     "hop_limit=1"},
    {"role-missing", "the instance has no profile: iam/ is 404", "role=missing"},
    {"role-list-empty", "the list of roles is empty", "path=iam/security-credentials&body="},
    {"role-unauthorized", "EC2 may not assume the role: 200 with AssumeRoleUnauthorizedAccess",
     "path=iam/security-credentials/*&code=AssumeRoleUnauthorizedAccess&message="
     "EC2+cannot+assume+the+role.++Please+see+documentation+at+https://docs.aws.amazon.com/IAM/"
     "latest/UserGuide/troubleshoot_iam-ec2.html%23troubleshoot_iam-ec2_errors-info-doc."},
    {"credentials-expired", "the credentials served have expired 15 minutes ago",
     "path=iam/*&credentials=expired"},
    {"rotation-stops", "the set of now is served on and on, beyond its end",
     "path=iam/*&credentials=stale"},
    {"empty-credentials", "the credential document is empty",
     "path=iam/security-credentials/*&body="},
    {"half-json", "the credential document is half of its JSON",
     "path=iam/security-credentials/*&truncate=50%25"},
    {"cut-off", "the connection closes in the middle of the credential document",
     "path=iam/security-credentials/*&cut=50%25"},
    {"html-instead", "a captive portal's page answers for the metadata",
     "path=meta-data/*&status=200&content_type=text/html&body="
     "%3Chtml%3E%3Cbody%3ESign+in+to+this+network%3C/body%3E%3C/html%3E%0A"},
    {"clock-behind", "the instance's clock is an hour behind: Date, LastUpdated, Expiration",
     "path=iam/*&clock_skew=-1h"},
};

Result<const FaultScenario*> find(std::string_view name) {
  const auto* found = std::find_if(std::begin(kScenarios), std::end(kScenarios),
                                   [&](const FaultScenario& each) { return each.name == name; });
  if (found != std::end(kScenarios)) return found;
  std::vector<std::string_view> names;
  for (const FaultScenario& each : kScenarios) names.push_back(each.name);
  return base::fail(Errc::not_found, "there is no scenario `" + std::string(name) + "`" +
                                         base::suggest(name, names));
}

}  // namespace

std::span<const FaultScenario> fault_scenarios() {
  return kScenarios;
}

Result<FaultRule> scenario_rule(std::string_view name, const FaultFields& more) {
  IMDSD_TRY(const FaultScenario* scenario, find(name));
  IMDSD_TRY(const auto parameters, aws::QueryParameters::parse(scenario->rule));
  FaultFields fields = parameters.all();
  std::erase_if(fields, [&](const auto& own) {
    return std::any_of(more.begin(), more.end(),
                       [&](const auto& given) { return given.first == own.first; });
  });
  fields.insert(fields.end(), more.begin(), more.end());
  return FaultRule::parse(std::move(fields));
}

}  // namespace imdsd::imds
