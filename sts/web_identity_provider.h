// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "aws/service_error.h"
#include "base/clock.h"
#include "base/result.h"
#include "iam/entities.h"
#include "sts/authority.h"
#include "sts/json_web_key.h"
#include "sts/json_web_token.h"
#include "sts/web_identity.h"

namespace imdsd::sts {

/// The identity provider that an account trusts with an issuer: one that is registered in IAM, or
/// one of those that IAM knows by itself (Google, Amazon Cognito).
struct WebIdentityProvider {
  std::shared_ptr<const iam::OidcProvider> entity;  // null: known by itself
  std::string name;    // in trust policies and aws:FederatedProvider: its ARN, or its name
  std::string prefix;  // of its condition keys: the issuer without its scheme
  std::string issuer;  // whose keys sign

  /// 400 InvalidIdentityToken when the account has none for this issuer.
  [[nodiscard]] static aws::Outcome<WebIdentityProvider> find(std::string_view issuer,
                                                              std::string_view account,
                                                              const Authority& authority);

  /// 400 InvalidIdentityToken unless the token is for a client that the provider names. Those known
  /// by themselves name none: trust policies do, by the key `:aud`.
  [[nodiscard]] aws::Outcome<std::string> audience_of(const WebIdentity& identity) const;

  /// 400 InvalidIdentityToken unless a key of the issuer has signed the token; 400
  /// IDPCommunicationError when the issuer cannot be asked for its keys.
  [[nodiscard]] aws::Outcome<void> verify(const JsonWebToken& token, const Authority& authority,
                                          base::SystemTime now) const;

 private:
  [[nodiscard]] base::Result<std::shared_ptr<const JsonWebKeySet>> keys_for(
      const JsonWebToken& token, const Authority& authority, base::SystemTime now) const;
};

}  // namespace imdsd::sts
