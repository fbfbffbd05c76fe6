// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/inline_vector.h"
#include "iam/policy_set.h"

namespace imdsd::iam {

enum class Layer : std::size_t {
  service_control,
  resource_control,
  resource,
  identity,
  boundary,
  session
};
inline constexpr std::size_t kLayerCount = 6;
enum class Verdict { not_applicable, allow, implicit_deny, explicit_deny };

/// A statement that matched the request. Its policy stays alive with it.
struct Match {
  Layer layer = Layer::identity;
  PolicyPointer policy;
  std::size_t statement_index = 0;
  [[nodiscard]] const Statement& statement() const {
    return policy->document->statements[statement_index];
  }
};

/// Never a bool: what was decided, by which layer, and by which statements.
struct Decision {
  enum class Reason { allowed, explicit_deny, implicit_deny } reason = Reason::implicit_deny;
  Layer decided_by = Layer::identity;  // the layer that denied, or that allowed
  std::array<Verdict, kLayerCount> verdicts{};
  base::InlineVector<Match, 4> matches;  // layer by layer, as evaluated; some need none
  /// Of what no statement denied, but a setting beside them: its name and what it keeps away. A
  /// literal.
  std::string_view setting = {};

  [[nodiscard]] bool allowed() const noexcept { return reason == Reason::allowed; }
  [[nodiscard]] Verdict verdict(Layer layer) const noexcept {
    return verdicts[static_cast<std::size_t>(layer)];
  }
};

/// "allowed", "explicit deny", "implicit deny".
[[nodiscard]] std::string_view reason_name(Decision::Reason reason);
/// AWS's words: "identity-based policy", "permissions boundary".
[[nodiscard]] std::string_view layer_name(Layer layer);
/// "allow", "implicit deny", "explicit deny", "not applicable".
[[nodiscard]] std::string_view verdict_name(Verdict verdict);

}  // namespace imdsd::iam
