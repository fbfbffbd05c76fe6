// SPDX-License-Identifier: MIT
#include "ec2/call.h"

#include <utility>

#include "aws/arn.h"
#include "ec2/errors.h"
#include "ec2/find.h"
#include "ec2/parameters.h"

namespace imdsd::ec2 {

using aws::Outcome;

std::string Call::arn(std::string_view type, std::string_view id) const {
  const std::string& owner = request.caller.principal.account;
  return aws::Arn{std::string(context.partition), "ec2", place.region,
                  type == "image" ? std::string() : owner,
                  std::string(type) + "/" + std::string(id)}
      .to_string();
}

Outcome<void> Call::end_dry_run() const {
  IMDSD_TRY(const auto dry, optional_boolean(parameters(), "DryRun"));
  if (!dry.value_or(false)) return {};
  return aws::service_error(412, "DryRunOperation",
                            "Request would have succeeded, but DryRun flag is set.");
}

Outcome<Instance> Call::change(const std::string& id,
                               const std::function<Outcome<void>(Instance&)>& change) const {
  Outcome<Instance> outcome = no_such_instance(id);
  const auto kept = context.instances.change({id}, [&](std::vector<Instance>& instances) {
    if (instances.empty()) return false;
    if (auto changed = change(instances.front()); !changed) {
      outcome = tl::unexpected(std::move(changed).error());
      return false;
    }
    outcome = instances.front();
    return true;
  });
  if (!kept) return internal_error(kept.error().message);
  return outcome;
}

}  // namespace imdsd::ec2
