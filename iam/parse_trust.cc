// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "base/codec.h"
#include "iam/policy_parser.h"

namespace imdsd::iam {
namespace {

/// An issuer that signs for everybody who has an account there.
struct SharedIssuer {
  std::string_view name;  // of its provider
  std::string_view key;   // that a trust policy must ask for; from ":" on: of the issuer
};

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
constexpr std::array<SharedIssuer, 15> kSharedIssuers{{
    {"agent.buildkite.com", ":sub"},
    {"api.pulumi.com/oidc", ":aud"},
    {"app.terraform.io", ":sub"},
    {"gitlab.com", ":sub"},
    {"oidc-configuration.audit-log.githubusercontent.com", ":sub"},
    {"oidc.codefresh.io", ":sub"},
    {"oidc.vercel.com", ":aud"},
    {"proidc.upbound.io", ":sub"},
    {"sandboxes.cloud", ":aud"},
    {"scalr.io", ":sub"},
    {"sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", "sts:RoleSessionName"},
    {"studio.datachain.ai/api", ":sub"},
    {"token.actions.githubusercontent.com", ":sub"},
    {"tokens.cloud.shisho.dev", ":sub"},
    {"vstoken.actions.githubusercontent.com", ":sub"},
}};

/// nullptr for a provider that is its owner's own, and for one that is no OIDC provider.
const SharedIssuer* shared_issuer(const PrincipalPattern& principal) {
  constexpr std::string_view kType = ":oidc-provider/";
  const std::size_t at = principal.value.find(kType);
  if (principal.kind != PrincipalPattern::Kind::federated || at == std::string::npos) {
    return nullptr;
  }
  std::string_view name = std::string_view(principal.value).substr(at + kType.size());
  if (name.ends_with('/')) name.remove_suffix(1);
  const auto found = std::ranges::find_if(kSharedIssuers, [&](const SharedIssuer& issuer) {
    return base::equals_ignoring_case(issuer.name, name);
  });
  return found == kSharedIssuers.end() ? nullptr : &*found;
}

/// A value of wildcards alone lets in everybody, and so does one among others.
bool is_scope(const JsonNode& values) {
  const auto is_open = [](const JsonNode& value) {
    return value.text.find_first_not_of("*?") == std::string::npos;
  };
  if (values.kind != JsonNode::Kind::array) return !is_open(values);
  return !values.items.empty() && std::ranges::none_of(values.items, is_open);
}

/// Whether an operator asks for `key`. Null alone asks for no value.
bool is_asked_for(std::string_view key, const JsonNode& condition) {
  return std::ranges::any_of(condition.members, [&](const auto& test) {
    return !base::equals_ignoring_case(test.first, "Null") &&
           std::ranges::any_of(test.second.members, [&](const auto& each) {
             return base::equals_ignoring_case(each.first, key) && is_scope(each.second);
           });
  });
}

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_cognito.html: without a
/// condition any identity pool of anyone could assume the role.
bool is_cognito(const PrincipalPattern& principal) {
  return principal.kind == PrincipalPattern::Kind::federated &&
         principal.value == "cognito-identity.amazonaws.com";
}

bool is_about_web_identity(const Statement& statement) {
  return statement.effect == Effect::allow &&
         std::ranges::any_of(statement.actions, [](const ActionPattern& action) {
           return action.matches_lower("sts:assumerolewithwebidentity");
         });
}

}  // namespace

Parsed<void> check_federation(const Statement& statement, const JsonNode& principals,
                              const JsonNode* condition, const PolicyContext& context) {
  const bool is_checked = !context.stored && is_about_web_identity(statement);
  for (const PrincipalPattern& principal : *statement.principals) {
    if (is_cognito(principal) && condition == nullptr) {
      return tl::unexpected(make_error("A condition block must be present for the Cognito provider",
                                       principals.position));
    }
    const SharedIssuer* issuer = is_checked ? shared_issuer(principal) : nullptr;
    if (issuer == nullptr) continue;
    const std::string key =
        std::string(issuer->key.starts_with(':') ? issuer->name : "") + std::string(issuer->key);
    if (condition != nullptr && is_asked_for(key, *condition)) continue;
    // The text is ours (docs/compatibility.md).
    return tl::unexpected(make_error(
        "A condition on " + key + " must be present for the provider " + std::string(issuer->name),
        principals.position,
        "anybody can have tokens of this issuer; a value of wildcards "
        "alone is no condition"));
  }
  return {};
}

}  // namespace imdsd::iam
