// SPDX-License-Identifier: MIT
// A provider, a role that trusts it, and responses that it signs.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "saml/metadata.h"
#include "tests/support/saml_idp.h"
#include "tests/unit/sts/sts_fixture.h"

namespace imdsd::sts {

using support::SamlIdp;
using support::SamlResponse;
using Texts = std::vector<std::string>;

inline constexpr std::string_view kRoleArn = "arn:aws:iam::123456789012:role/team/target";
inline constexpr std::string_view kProviderArn = "arn:aws:iam::123456789012:saml-provider/idp";
inline const std::string kPair = std::string(kRoleArn) + "," + std::string(kProviderArn);

/// `actions`: JSON of the Action element.
inline std::string trust_idp(std::string_view actions, std::string_view condition = "{}") {
  std::string text = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":)";
  text.append(R"({"Federated":"arn:aws:iam::123456789012:saml-provider/idp"},"Action":)");
  return text.append(actions).append(R"(,"Condition":)").append(condition).append("}]}");
}

inline constexpr std::string_view kAssume = R"("sts:AssumeRoleWithSAML")";
inline constexpr std::string_view kAll =
    R"(["sts:AssumeRoleWithSAML","sts:TagSession","sts:SetSourceIdentity"])";
inline constexpr std::string_view kDenied =
    "403 AccessDenied Not authorized to perform sts:AssumeRoleWithSAML";

class AssumeRoleWithSaml : public StsTest {
 protected:
  AssumeRoleWithSaml() {
    world_.roles.push_back({.name = "target",
                            .trust = trust_idp(kAssume),
                            .policies = {allow("s3:GetObject", "*")},
                            .max_session_duration = hours(4),
                            .path = "/team/"});
    put_provider(provider());
    response_.add_aws("Role", {kPair});
    response_.add_aws("RoleSessionName", {"alice@example.com"});
  }

  static iam::SamlProvider provider(std::string_view account = kAccount) {
    iam::SamlProvider out;
    out.account = account;
    out.name = "idp";
    out.unique_id = iam::arn_of(out);
    out.metadata = SamlIdp::shared().metadata();
    out.parsed_metadata =
        std::make_shared<const saml::Metadata>(saml::parse_metadata(out.metadata).value());
    out.uuid = "0B1C2D3E4F5G6H7J8K9LMNPQ";
    return out;
  }

  void put_provider(const iam::SamlProvider& provider) {
    ASSERT_TRUE(world_.directory_service.write([&](iam::Transaction& transaction) {
      transaction.put(provider);
      return true;
    }));
  }

  StsWorld::Role& target() { return world_.roles.front(); }

  ActionAnswer call_with(Parameters parameters) {
    return call("AssumeRoleWithSAML", {}, parameters);
  }

  static std::string assertion(const SamlResponse& response) {
    return base::base64_encode(SamlIdp::shared().sign(response.xml(), response.assertion_id));
  }

  ActionAnswer assume(const SamlResponse& response, const Parameters& more = {}) {
    Parameters parameters{{"RoleArn", std::string(kRoleArn)},
                          {"PrincipalArn", std::string(kProviderArn)},
                          {"SAMLAssertion", assertion(response)}};
    parameters.insert(parameters.begin(), more.begin(), more.end());
    return call_with(std::move(parameters));
  }
  ActionAnswer assume(const Parameters& more = {}) { return assume(response_, more); }

  static std::string expiration_of(const ActionAnswer& answer) {
    return element(answer.xml.value(), "Expiration");
  }

  SamlResponse response_{world_.clock.now()};
};

}  // namespace imdsd::sts
