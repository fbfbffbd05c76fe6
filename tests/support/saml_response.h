// SPDX-License-Identifier: MIT
// SAML responses as an identity provider writes them for AWS, before they are signed.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/time_format.h"
#include "base/clock.h"

namespace imdsd::support {

inline constexpr std::string_view kEntityId = "https://idp.example/saml";
inline constexpr std::string_view kAwsAttribute = "https://aws.amazon.com/SAML/Attributes/";

struct SamlResponse {
  explicit SamlResponse(base::SystemTime now)
      : issued(aws::format_iso8601(now)),
        not_before(aws::format_iso8601(now - std::chrono::minutes(1))),
        not_on_or_after(aws::format_iso8601(now + std::chrono::minutes(5))) {}

  std::string issuer = std::string(kEntityId);
  std::string response_id = "_response";
  std::string assertion_id = "_assertion";
  std::string status = "urn:oasis:names:tc:SAML:2.0:status:Success";
  std::string issued;
  std::string not_before;
  std::string not_on_or_after;
  std::string subject = "alice";
  std::string format = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
  std::string recipient = "https://signin.aws.amazon.com/saml";
  std::string audience = "urn:amazon:webservices";
  std::string authn_attributes;
  std::vector<std::pair<std::string, std::vector<std::string>>> attributes;

  /// With `name` as AWS's attribute.
  void add_aws(std::string_view name, std::vector<std::string> values) {
    attributes.emplace_back(std::string(kAwsAttribute) + std::string(name), std::move(values));
  }

  [[nodiscard]] std::string assertion() const {
    return R"(<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID=")" +
           assertion_id + R"(" Version="2.0" IssueInstant=")" + issued + R"("><saml:Issuer>)" +
           issuer + "</saml:Issuer>" + subject_xml() + conditions_xml() +
           R"(<saml:AuthnStatement AuthnInstant=")" + issued + "\" " + authn_attributes +
           "><saml:AuthnContext><saml:AuthnContextClassRef>"
           "urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>"
           "</saml:AuthnContext></saml:AuthnStatement>" +
           attributes_xml() + "</saml:Assertion>";
  }

  [[nodiscard]] std::string xml() const { return around(assertion()); }

  /// A response with something else in place of the assertion.
  [[nodiscard]] std::string around(std::string_view content) const {
    return R"(<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID=")" +
           response_id + R"(" Version="2.0" IssueInstant=")" + issued +
           R"("><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">)" + issuer +
           R"(</saml:Issuer><samlp:Status><samlp:StatusCode Value=")" + status +
           R"("/></samlp:Status>)" + std::string(content) + "</samlp:Response>";
  }

 private:
  [[nodiscard]] std::string subject_xml() const {
    return R"(<saml:Subject><saml:NameID Format=")" + format + "\">" + subject +
           R"(</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">)"
           R"(<saml:SubjectConfirmationData NotOnOrAfter=")" +
           not_on_or_after + R"(" Recipient=")" + recipient +
           R"("/></saml:SubjectConfirmation></saml:Subject>)";
  }
  [[nodiscard]] std::string conditions_xml() const {
    return R"(<saml:Conditions NotBefore=")" + not_before + R"(" NotOnOrAfter=")" +
           not_on_or_after + R"("><saml:AudienceRestriction><saml:Audience>)" + audience +
           "</saml:Audience></saml:AudienceRestriction></saml:Conditions>";
  }
  [[nodiscard]] std::string attributes_xml() const {
    std::string out = "<saml:AttributeStatement>";
    for (const auto& [name, values] : attributes) {
      out += R"(<saml:Attribute Name=")" + name + "\">";
      for (const auto& value : values) {
        out += "<saml:AttributeValue>" + value + "</saml:AttributeValue>";
      }
      out += "</saml:Attribute>";
    }
    return out + "</saml:AttributeStatement>";
  }
};

}  // namespace imdsd::support
