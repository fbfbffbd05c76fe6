// SPDX-License-Identifier: MIT
#include "iam/simulate.h"

#include <optional>
#include <set>

#include "aws/arn.h"
#include "base/codec.h"
#include "iam/action_table.h"
#include "iam/context_keys.h"
#include "iam/make_principal.h"

namespace imdsd::iam {
namespace {

std::string_view last_part(std::string_view resource) {
  return resource.substr(resource.rfind('/') + 1);
}

/// "assumed-role/ROLE/SESSION"
base::Result<Caller> session_caller(const aws::Arn& arn, const Directory& directory) {
  std::string_view rest = std::string_view(arn.resource).substr(arn.resource.find('/') + 1);
  const std::size_t slash = rest.find('/');
  const auto role = directory.find<Role>(arn.account, rest.substr(0, slash));
  if (!role || slash == std::string_view::npos) {
    return base::fail(base::Errc::not_found, "there is no role of `" + arn.to_string() + "`");
  }
  return Caller{role_session_principal(*role, rest.substr(slash + 1), arn.partition), "", nullptr};
}

class MissingKeys {
 public:
  explicit MissingKeys(const ConditionKeys& present) : present_(present) {}

  void look_at(const PolicyPointer& policy) {
    if (!policy) return;
    for (std::string& key : context_keys(*policy->document)) {
      if (present_.find(key) == nullptr && seen_.insert(base::to_lower(key)).second) {
        keys_.push_back(std::move(key));
      }
    }
  }
  void look_at(const PolicyList& policies) {
    for (const PolicyPointer& policy : policies) look_at(policy);
  }
  std::vector<std::string> take() { return std::move(keys_); }

 private:
  const ConditionKeys& present_;
  std::set<std::string> seen_;
  std::vector<std::string> keys_;
};

std::vector<std::string> missing_keys(const PolicySet& policies, const ConditionKeys& present) {
  MissingKeys missing(present);
  missing.look_at(policies.identity);
  missing.look_at(policies.resource);
  missing.look_at(policies.boundary);
  for (const auto* list :
       {&policies.session, &policies.service_control, &policies.resource_control}) {
    if (*list) missing.look_at(**list);
  }
  return missing.take();
}

/// Of an action that has no resources only `*` can be meant, whatever is asked; of S3's,
/// s3:ListAllMyBuckets, policies also say `arn:aws:s3:::*`
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-policies-s3.html).
std::optional<aws::Arn> resource_of_all(const Simulation& simulation) {
  if (!base::equals_ignoring_case(simulation.action.substr(0, 3), "s3:")) return std::nullopt;
  const auto caller = aws::Arn::parse(simulation.caller.principal.arn);
  return aws::Arn{caller ? caller->partition : "aws", "s3", "", "", "*"};
}

}  // namespace

base::Result<Caller> caller_of_arn(std::string_view arn_text, const Directory& directory) {
  const auto arn = aws::Arn::parse(arn_text);
  const std::string given(arn_text);
  if (!arn) return base::fail(base::Errc::invalid_argument, "`" + given + "` is not an ARN");
  if (arn->service == "sts" && arn->resource.starts_with("assumed-role/")) {
    return session_caller(*arn, directory);
  }
  if (arn->service == "iam" && arn->resource == "root") {
    return Caller{root_principal(arn->account, arn->partition), "", nullptr};
  }
  if (arn->service == "iam" && arn->resource.starts_with("user/")) {
    const auto user = directory.find<User>(arn->account, last_part(arn->resource));
    if (user && arn_of(*user, arn->partition) == arn_text) {
      return Caller{user_principal(*user, arn->partition), "", nullptr};
    }
  } else if (arn->service == "iam" && arn->resource.starts_with("role/")) {
    const auto role = directory.find<Role>(arn->account, last_part(arn->resource));
    if (role && arn_of(*role, arn->partition) == arn_text) {
      Caller caller{role_session_principal(*role, "", arn->partition), "", nullptr};
      caller.principal.arn = given;
      caller.principal.user_id = role->unique_id;
      return caller;
    }
  } else {
    return base::fail(base::Errc::invalid_argument,
                      "`" + given + "` is not the ARN of a user, a role or a session");
  }
  return base::fail(base::Errc::not_found, "there is no `" + given + "`");
}

SimulationResult simulate(const Simulation& simulation) {
  SimulationResult out;
  out.request.caller = &simulation.caller;
  out.request.action = simulation.action;
  out.request.keys = simulation.keys;
  const std::string& own = simulation.caller.principal.account;
  out.request.resource_account =
      simulation.resource_owner.empty() ? own : simulation.resource_owner;
  auto arn = aws::Arn::parse(simulation.resource);
  if (!supports_resource_level(simulation.action)) {
    out.request.resource = resource_of_all(simulation);
  } else if (arn) {
    if (!arn->account.empty()) out.request.resource_account = arn->account;
    out.request.resource = *std::move(arn);
  }
  out.decision = evaluate(simulation.policies, out.request);
  out.missing_keys = missing_keys(simulation.policies, out.request.keys);
  return out;
}

}  // namespace imdsd::iam
