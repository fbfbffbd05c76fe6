// SPDX-License-Identifier: MIT
// A provider, its keys, and the role that its tokens may have.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "sts/assume_role_with_web_identity.h"
#include "tests/support/oidc_issuer.h"
#include "tests/unit/sts/sts_fixture.h"

namespace imdsd::sts {

using nlohmann::json;
using support::OidcIssuer;

inline const std::string kUrl = "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC";
inline const std::string kName = "oidc.eks.eu-west-1.amazonaws.com/id/ABC";
inline const std::string kProviderArn = "arn:aws:iam::123456789012:oidc-provider/" + kName;
inline const std::string kRoleArn = "arn:aws:iam::123456789012:role/pod";
inline constexpr const char* kAction = "AssumeRoleWithWebIdentity";
inline const std::string kDenied = "403 AccessDenied Not authorized to perform sts:";

/// Keys by issuer, as the configuration would give them; or an error.
class GivenKeys final : public OidcKeySource {
 public:
  base::Result<std::shared_ptr<const JsonWebKeySet>> find(const Request& request) override {
    last = request;
    if (failure) return tl::unexpected(*failure);
    return std::make_shared<const JsonWebKeySet>(JsonWebKeySet::parse(jwks).value());
  }
  std::string jwks;
  std::optional<base::Error> failure;
  Request last;
};

inline const OidcIssuer& rsa() {
  static const OidcIssuer issuer("RS256");
  return issuer;
}

class WebIdentityTest : public StsTest {
 protected:
  WebIdentityTest() {
    keys_->jwks = rsa().jwks();
    world_.oidc_keys = keys_;
    provider().account = kAccount;
    provider().name = kName;
    provider().client_ids = {"sts.amazonaws.com", "other-client"};
    provider().thumbprints = {std::string(40, 'a')};
    world_.roles.push_back({.name = "pod",
                            .trust = trust_policy(R"("sts:AssumeRoleWithWebIdentity")"),
                            .max_session_duration = hours(2)});
  }

  iam::Declarations::DeclaredOidcProvider& provider() {
    if (world_.oidc_providers.empty()) world_.oidc_providers.emplace_back();
    return world_.oidc_providers.front();
  }
  StsWorld::Role& role() { return world_.roles.front(); }

  static std::string trust_policy(const std::string& actions, const std::string& condition = "",
                                  const std::string& provider = kProviderArn) {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":")" +
           provider + R"("},"Action":)" + actions +
           (condition.empty() ? "" : R"(,"Condition":)" + condition) + "}]}";
  }
  void trust_if(const std::string& condition) {
    role().trust = trust_policy(R"("sts:AssumeRoleWithWebIdentity")", condition);
  }

  [[nodiscard]] std::int64_t now() const {
    return std::chrono::floor<seconds>(world_.clock.now()).time_since_epoch().count();
  }

  /// The projected token of a pod's service account, as a cluster makes it.
  [[nodiscard]] json claims(const json& changes = json::object()) const {
    json out{{"iss", kUrl},
             {"sub", "system:serviceaccount:default:reader"},
             {"aud", {"sts.amazonaws.com"}},
             {"iat", now()},
             {"nbf", now()},
             {"exp", now() + 3600},
             {"jti", "6c0a1b2c-0000-4000-8000-00000000000a"},
             {"kubernetes.io",
              {{"namespace", "default"},
               {"node", {{"name", "node-1"}, {"uid", "6c0a"}}},
               {"pod", {{"name", "reader-0"}, {"uid", "6c0b"}}},
               {"serviceaccount", {{"name", "reader"}, {"uid", "6c0c"}}},
               {"warnafter", now() + 3607}}}};
    for (const auto& [name, value] : changes.items()) {
      if (value.is_null()) {
        out.erase(name);
      } else {
        out[name] = value;
      }
    }
    return out;
  }

  ActionAnswer assume_with(const std::string& token, const Parameters& more = {}) {
    Parameters parameters{{"RoleArn", kRoleArn}, {"RoleSessionName", "pod-1"}};
    parameters.emplace_back("WebIdentityToken", token);
    for (const auto& [name, value] : more) {
      std::erase_if(parameters, [&](const auto& old) { return old.first == name; });
      parameters.emplace_back(name, value);
    }
    return call(kAction, iam::Caller(), parameters);
  }
  ActionAnswer assume(const json& changes = json::object(), const Parameters& more = {}) {
    return assume_with(rsa().token(claims(changes)), more);
  }
  std::string result(const json& changes = json::object(), const Parameters& more = {}) {
    return outcome(assume(changes, more));
  }

  const std::shared_ptr<GivenKeys> keys_ = std::make_shared<GivenKeys>();
};

}  // namespace imdsd::sts
