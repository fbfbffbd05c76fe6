// SPDX-License-Identifier: MIT
// The words of https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
#include "base/codec.h"
#include "iam/evaluate.h"

namespace imdsd::iam {
namespace {

struct Words {
  std::string_view article, name;
};

Words words(Layer layer, bool is_trust) {
  switch (layer) {
    case Layer::service_control:
      return {"a ", "service control policy"};
    case Layer::resource_control:
      return {"a ", "resource control policy"};
    case Layer::resource:
      return is_trust ? Words{"the ", "role trust policy"} : Words{"a ", "resource-based policy"};
    case Layer::identity:
      return {"an ", "identity-based policy"};
    case Layer::boundary:
      return {"a ", "permissions boundary"};
    case Layer::session:
      return {"a ", "session policy"};
  }
  return {"a ", "policy"};
}

}  // namespace

std::string describe_denial(const Decision& decision, std::string_view action) {
  if (decision.allowed()) return "";
  // What STS acts on by a resource policy is a role.
  const bool is_trust = base::equals_ignoring_case(action.substr(0, 4), "sts:");
  const Words of = words(decision.decided_by, is_trust);
  if (decision.reason == Decision::Reason::explicit_deny) {
    return "with an explicit deny in " + std::string(of.article) + std::string(of.name);
  }
  return "because no " + std::string(of.name) + " allows the " + std::string(action) + " action";
}

}  // namespace imdsd::iam
