// SPDX-License-Identifier: MIT
#include "sts/saml_claims.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "sts/parameter_rules.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using Texts = std::vector<std::string>;

constexpr std::string_view kPrefix = "https://aws.amazon.com/SAML/Attributes/";
constexpr std::string_view kTagPrefix = "https://aws.amazon.com/SAML/Attributes/PrincipalTag:";
constexpr std::size_t kMaxName = 64;

tl::unexpected<aws::ServiceError> refuse(std::string message) {
  return aws::service_error(400, "InvalidIdentityToken", std::move(message));
}

const Texts& values_of(const saml::Identity& identity, std::string_view attribute) {
  return identity.values(std::string(kPrefix).append(attribute));
}

/// The only value; nothing where the attribute is not there.
Outcome<std::optional<std::string>> only_value(const saml::Identity& identity,
                                               std::string_view attribute) {
  const Texts& values = values_of(identity, attribute);
  if (values.empty()) return std::optional<std::string>();
  if (values.size() == 1) return std::optional(values[0]);
  return refuse(std::string(attribute) + " in AuthnResponse must have one value");
}

bool names_both(std::string_view pair, std::string_view role_arn, std::string_view provider_arn) {
  const std::size_t comma = pair.find(',');
  if (comma == std::string_view::npos) return false;
  const std::string_view first = base::trim(pair.substr(0, comma));
  const std::string_view second = base::trim(pair.substr(comma + 1));
  return (first == role_arn && second == provider_arn) ||
         (first == provider_arn && second == role_arn);
}

/// [a-zA-Z_0-9+=,.@-]{2,64}
bool is_name(std::string_view text) {
  const aws::TextRule& rule = kRoleSessionNameRule;
  return text.size() >= rule.min_length && text.size() <= kMaxName && rule.matches(text);
}

Outcome<std::string> read_session_name(const saml::Identity& identity) {
  auto name = only_value(identity, "RoleSessionName");
  if (!name) return tl::unexpected(std::move(name).error());
  if (!*name) return refuse("RoleSessionName is required in AuthnResponse");
  if (!is_name(**name)) {
    return refuse("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}");
  }
  return **std::move(name);
}

Outcome<std::string> read_source_identity(const saml::Identity& identity) {
  auto name = only_value(identity, "SourceIdentity");
  if (!name) return tl::unexpected(std::move(name).error());
  if (!*name) return std::string();
  if (!is_name(**name)) {  // a name has no colon, so that none begins with "aws:"
    return refuse(
        R"(Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:")");
  }
  return **std::move(name);
}

Outcome<std::optional<std::chrono::seconds>> read_duration(const saml::Identity& identity) {
  const auto text = only_value(identity, "SessionDuration");
  if (!text) return tl::unexpected(text.error());
  if (!*text) return std::optional<std::chrono::seconds>();
  const auto seconds = aws::parse_integer(**text);
  if (!seconds || std::chrono::seconds(*seconds) < kRoleDuration.min ||
      std::chrono::seconds(*seconds) > kRoleDuration.max) {
    return refuse("SessionDuration in AuthnResponse must be a number of seconds from 900 to 43200");
  }
  return std::optional(std::chrono::seconds(*seconds));
}

Outcome<SessionTags> read_tags(const saml::Identity& identity) {
  std::vector<iam::Tag> tags;
  for (const saml::Attribute& attribute : identity.attributes) {
    if (!attribute.name.starts_with(kTagPrefix)) continue;
    std::string key = attribute.name.substr(kTagPrefix.size());
    if (attribute.values.size() != 1) {
      return refuse("PrincipalTag:" + key + " in AuthnResponse must have one value");
    }
    tags.push_back({std::move(key), attribute.values[0]});
  }
  const Texts& transitive = values_of(identity, "TransitiveTagKeys");
  aws::ParameterCheck check;
  SessionTags::check(tags, transitive, check);
  auto error = check.error();
  if (!error) {
    auto made = SessionTags::make(std::move(tags), transitive);
    if (made) return made;
    error = std::move(made).error();
  }
  return refuse("The session tags in AuthnResponse are not valid: " +
                error->message.value_or(error->code));
}

}  // namespace

Outcome<SamlClaims> SamlClaims::parse(const saml::Identity& identity, std::string_view role_arn,
                                      std::string_view provider_arn) {
  const Texts& roles = values_of(identity, "Role");
  const bool has_role = std::any_of(roles.begin(), roles.end(), [&](const std::string& pair) {
    return names_both(pair, role_arn, provider_arn);
  });
  if (!has_role) {
    return refuse(
        "SAML Assertion doesn't contain the requested Role and Metadata in the attributes");
  }
  auto session_name = read_session_name(identity);
  if (!session_name) return tl::unexpected(std::move(session_name).error());
  auto source_identity = read_source_identity(identity);
  if (!source_identity) return tl::unexpected(std::move(source_identity).error());
  const auto duration = read_duration(identity);
  if (!duration) return tl::unexpected(duration.error());
  auto tags = read_tags(identity);
  if (!tags) return tl::unexpected(std::move(tags).error());
  return SamlClaims{*std::move(session_name), *duration, *std::move(source_identity),
                    *std::move(tags)};
}

}  // namespace imdsd::sts
