// SPDX-License-Identifier: MIT
// Entities as the JSON that stores keep. The text holds secrets (access keys, MFA seeds).
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "base/result.h"
#include "iam/directory.h"
#include "iam/principal_binding.h"

namespace imdsd::iam {

/// What the kinds are called in stores; the order is that of AnyEntity.
inline constexpr std::array<std::string_view, std::variant_size_v<AnyEntity>> kEntityKinds{
    "account", "user", "group", "role", "policy", "instance-profile", "mfa", "oidc", "saml"};

/// "role".
[[nodiscard]] std::string_view kind_of(const AnyEntity& entity);

/// Times are cut to the second.
[[nodiscard]] std::string encode_entity(const AnyEntity& entity);

/// Reads entities; equal policies are parsed once and shared. One for all entities of a store.
class EntityDecoder {
 public:
  /// Errc::corrupt for text that encode_entity() did not write, and for an unknown kind. No secret
  /// is in the message.
  [[nodiscard]] base::Result<AnyEntity> decode(std::string_view kind, std::string_view text);

  using Document = std::shared_ptr<const PolicyDocument>;
  [[nodiscard]] base::Result<Document> document(std::string_view text, PolicyKind kind,
                                                const PrincipalBindings& bindings = {});

 private:
  struct Known {
    PolicyKind kind;
    Document document;
  };
  std::unordered_multimap<std::string_view, Known> documents_;  // by their own text
};

}  // namespace imdsd::iam
