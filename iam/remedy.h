// SPDX-License-Identifier: MIT
// The smallest change of policies that would have allowed a request. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "iam/evaluate.h"

namespace imdsd::iam {

/// One statement, in one policy.
struct PolicyChange {
  enum class Kind { add_statement, change_statement, remove_statement };
  Kind kind = Kind::add_statement;
  Layer layer = Layer::identity;
  PolicyPointer policy;        // none: a new one
  std::size_t index = 0;       // of the statement that is changed or removed
  std::string statement = {};  // as JSON, indented: what is added, or what it becomes
};

struct Remedy {
  /// In the order in which they are needed. Each says as little as it can: this action on this
  /// resource, or an exception from a Deny.
  std::vector<PolicyChange> changes;
  /// Decided again with all of them. False: no change of these policies alone does it.
  bool allows = false;
  /// Condition keys and values with which the request would have been allowed as it is, decided
  /// again as well; empty: none were found.
  std::vector<std::pair<std::string, std::string>> keys;
};

/// `decision` is evaluate()'s, a denial. A new statement goes where one nearly allowed it, else
/// into an inline policy, else into a new one; AWS managed policies stay as they are. A Deny is
/// left in place for everybody and everything else, as far as its elements can say so.
[[nodiscard]] Remedy find_remedy(const PolicySet& policies, const RequestContext& request,
                                 const Decision& decision);

}  // namespace imdsd::iam
