// SPDX-License-Identifier: MIT
#include "daemon/policy_query.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "aws/arn.h"
#include "aws/query_protocol.h"
#include "base/nearest_name.h"
#include "daemon/audit_file.h"
#include "iam/generate_policy.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;

/// "arn:aws:iam::123456789012:role/app-role", from what permission_holder() gives; in the partition
/// of the principal that was asked about.
std::string holder_arn(const std::string& holder, const PolicyQuery& query) {
  const auto asked = aws::Arn::parse(query.principal);
  const bool federated = holder.find(":federated-user/") != std::string::npos;
  return "arn:" + (asked ? asked->partition : "aws") + (federated ? ":sts::" : ":iam::") + holder;
}

std::string forgotten(std::size_t holders) {
  if (holders == 0) return "";
  return "; " + std::to_string(holders) +
         " of those that were not seen for longest are forgotten: `audit.file` keeps them";
}

base::Result<std::string> none_seen(const PolicyQuery& query, const AuditedCalls& calls) {
  std::vector<std::string> arns;
  for (const std::string& holder : calls.seen.holders()) {
    arns.push_back(holder_arn(holder, query));
  }
  const std::vector<std::string_view> candidates(arns.begin(), arns.end());
  return fail(Errc::not_found,
              "no decision about `" + query.principal + "` was seen since the start" +
                  (calls.file.empty() ? "" : ", nor is there one in " + calls.file) +
                  base::suggest(query.principal, candidates) + forgotten(calls.seen.forgotten()) +
                  "; GetCallerIdentity needs none, and auth.mode `off` makes none");
}

}  // namespace

base::Result<PolicyQuery> PolicyQuery::parse(std::string_view query) {
  IMDSD_TRY(const auto parameters, aws::QueryParameters::parse(query));
  PolicyQuery out;
  for (const auto& [name, value] : parameters.all()) {
    if (name == "principal") {
      out.principal = value;
    } else if (name == "denied") {
      out.denied = value == "true";
    } else if (name == "exact") {
      out.exact = value == "true";
    } else {
      return fail(Errc::invalid_argument, "there is no parameter `" + name + "`");
    }
  }
  if (!gateway::permission_holder(out.principal).empty()) return out;
  return fail(Errc::invalid_argument,
              "`" + out.principal + "` is not the ARN of a user, a role or a session");
}

base::Result<std::string> policy_of_audited(const PolicyQuery& query, const AuditedCalls& calls) {
  const std::string holder = gateway::permission_holder(query.principal);
  gateway::NeededPermissions needed = calls.seen.of(holder);
  if (!calls.file.empty()) {
    IMDSD_TRY_VOID(read_audit_file(calls.file, holder, needed));
  }
  if (needed.permissions.empty()) return none_seen(query, calls);
  std::set<iam::Permission> wanted;
  std::size_t denied = 0;
  for (iam::Permission permission : needed.permissions) {
    denied += permission.allowed ? 0 : 1;
    if (!permission.allowed && !query.denied) continue;
    permission.allowed = true;  // as is the same that was denied at another time
    wanted.insert(std::move(permission));
  }
  if (wanted.empty()) {
    return fail(Errc::not_found,
                "all that `" + query.principal +
                    "` was seen to do was denied: `--denied` makes a policy of it");
  }
  auto policy = iam::generate_policy(wanted, !query.exact);
  if (denied > 0) {
    policy.notes.push_back(std::to_string(denied) + " of what it asked for was denied, and is " +
                           (query.denied ? "allowed here" : "left out: `--denied` takes it in"));
  }
  if (needed.more) {
    policy.notes.push_back("it needed more than " +
                           std::to_string(gateway::NeededPermissions::kMost) +
                           " different permissions; the others are left out");
  }
  const nlohmann::ordered_json out{{"principal", holder_arn(holder, query)},
                                   {"policy", nlohmann::ordered_json::parse(policy.document)},
                                   {"notes", policy.notes},
                                   {"permissions", wanted.size()}};
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::vector<AdminRoute> policy_routes(
    std::function<base::Result<std::string>(const PolicyQuery& query)> generate) {
  return {{"GET", "/v1/policy", [generate = std::move(generate)](const base::HttpRequest& request) {
             const auto query = PolicyQuery::parse(request.query());
             if (!query) return admin_error(query.error());
             auto text = generate(*query);
             return text ? admin_answer(200, *std::move(text)) : admin_error(text.error());
           }}};
}

}  // namespace imdsd::daemon
