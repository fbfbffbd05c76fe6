// SPDX-License-Identifier: MIT
// Identity providers by the ARN that a request names them by.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "aws/arn.h"
#include "iam/api/change.h"
#include "iam/api/errors.h"

namespace imdsd::iam::api {

inline constexpr std::string_view kOidcArn = "OpenIDConnectProviderArn";
inline constexpr std::string_view kSamlArn = "SAMLProviderArn";

/// The provider of the caller's account with the ARN in `parameter`, or null; an error for an ARN
/// that no provider of this kind can have.
template <class T>
[[nodiscard]] Found<T> find_provider(const Call& call, const Directory& directory,
                                     std::string_view parameter) {
  const std::string text = call.text(parameter);
  const auto arn = aws::Arn::parse(text);
  if (!arn) return validation_error("Invalid ARN:  Could not be parsed!");
  if (arn->service != "iam" || !arn->resource.starts_with(std::string(T::kType) + "/")) {
    return invalid_input("ARN " + text + " is not valid.");
  }
  auto provider = directory.find_by_id<T>(text);
  if (provider && provider->account != call.account()) return nullptr;
  return provider;
}

[[nodiscard]] inline Found<OidcProvider> find_oidc_provider(const Call& call,
                                                            const Directory& directory) {
  auto provider = find_provider<OidcProvider>(call, directory, kOidcArn);
  if (provider && !*provider) {
    return no_such_entity("OpenIDConnect Provider not found for arn " + call.text(kOidcArn));
  }
  return provider;
}

[[nodiscard]] inline Found<SamlProvider> find_saml_provider(const Call& call,
                                                            const Directory& directory) {
  auto provider = find_provider<SamlProvider>(call, directory, kSamlArn);
  if (provider && !*provider) {
    return no_such_entity("Manifest not found for arn " + call.text(kSamlArn));
  }
  return provider;
}

}  // namespace imdsd::iam::api
