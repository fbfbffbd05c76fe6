// SPDX-License-Identifier: MIT
#include "saml/assertion.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "aws/time_format.h"
#include "saml/names.h"
#include "saml/sign_in_endpoint.h"

namespace imdsd::saml {
namespace {

using base::SystemTime;
using Reason = Refusal::Reason;
using Times = Verified<std::optional<SystemTime>>;

/// How far the provider's clock may be ahead.
constexpr std::chrono::minutes kClockSkew{5};
/// ExpiredTokenException: "Token must be redeemed within 5 minutes of issuance".
constexpr std::chrono::minutes kRedeemWithin{5};
/// Of a persistent identifier in characters (saml-core-2.0-os section 8.3.7), here of both in
/// bytes: they stay with the session, whose token has room for so much.
constexpr std::size_t kMaxNameId = 256;
constexpr std::string_view kBearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
constexpr std::string_view kFormatPrefix = "urn:oasis:names:tc:SAML:2.0:nameid-format:";
/// Of a NameID without Format (saml-core-2.0-os section 2.2.2).
constexpr const char* kUnspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

tl::unexpected<Refusal> refuse(Reason reason, std::string message) {
  return tl::unexpected(Refusal{reason, std::move(message)});
}

tl::unexpected<Refusal> invalid(std::string message) {
  return refuse(Reason::invalid, std::move(message));
}

Times time_of(xml::Element element, const char* attribute) {
  const auto text = element.attribute(attribute);
  if (!text) return std::optional<SystemTime>();
  const auto time = aws::parse_iso8601(*text);
  if (!time) return invalid(std::string(attribute) + " of the assertion is not a time in UTC");
  return std::optional(*time);
}

/// NotBefore and NotOnOrAfter, where they are there.
Verified<void> check_window(xml::Element element, SystemTime now) {
  const auto start = time_of(element, "NotBefore");
  if (!start) return tl::unexpected(start.error());
  const auto end = time_of(element, "NotOnOrAfter");
  if (!end) return tl::unexpected(end.error());
  if (*start && **start > now + kClockSkew) return invalid("Response is not yet valid");
  if (*end && **end <= now) return refuse(Reason::expired, "Response has expired");
  return {};
}

Verified<void> check_issuance(xml::Element assertion, SystemTime now) {
  const auto issued = time_of(assertion, "IssueInstant");
  if (!issued) return tl::unexpected(issued.error());
  if (!*issued) return invalid("IssueInstant is required in the assertion");
  if (**issued > now + kClockSkew) return invalid("Response is not yet valid");
  if (**issued + kRedeemWithin <= now) {
    return refuse(Reason::expired, "Token must be redeemed within 5 minutes of issuance");
  }
  return {};
}

bool names_aws(xml::Element restriction, std::string_view provider_uuid) {
  const auto audiences = restriction.children(kAssertionNs, "Audience");
  return std::any_of(audiences.begin(), audiences.end(), [&](const xml::Element& audience) {
    return is_aws_audience(audience.text().value_or(""), provider_uuid);
  });
}

/// What is not understood makes an assertion indeterminate (saml-core-2.0-os section 2.5.1.1).
bool is_known_condition(xml::Element condition) {
  constexpr std::string_view kKnown[] = {"AudienceRestriction", "OneTimeUse", "ProxyRestriction"};
  return std::any_of(std::begin(kKnown), std::end(kKnown),
                     [&](std::string_view name) { return condition.is(kAssertionNs, name); });
}

Verified<void> check_conditions(xml::Element assertion, const Expectation& expected) {
  constexpr const char* kNoAudience = "Response does not contain the required audience.";
  const auto conditions = assertion.only_child(kAssertionNs, "Conditions");
  if (!conditions) return invalid(kNoAudience);
  if (auto window = check_window(*conditions, expected.now); !window) return window;
  const auto all = conditions->children();
  if (!std::all_of(all.begin(), all.end(), is_known_condition)) {
    return invalid("The assertion has a condition that is not known");
  }
  const auto restrictions = conditions->children(kAssertionNs, "AudienceRestriction");
  const bool is_for_aws =
      !restrictions.empty() &&
      std::all_of(restrictions.begin(), restrictions.end(), [&](const xml::Element& restriction) {
        return names_aws(restriction, expected.provider_uuid);
      });
  if (!is_for_aws) return invalid(kNoAudience);
  return {};
}

/// AWS wants exactly one confirmation.
Verified<void> read_confirmation(xml::Element subject, const Expectation& expected, Identity& out) {
  constexpr const char* kMissing =  // spelt as AWS does it
      "Responses must contain SubjectConfirmatonData with a Recipient and NotOnOrAfter";
  const auto confirmation = subject.only_child(kAssertionNs, "SubjectConfirmation");
  if (!confirmation || confirmation->attribute("Method") != kBearer) return invalid(kMissing);
  const auto data = confirmation->only_child(kAssertionNs, "SubjectConfirmationData");
  if (!data || !data->attribute("Recipient") || !data->attribute("NotOnOrAfter")) {
    return invalid(kMissing);
  }
  if (auto window = check_window(*data, expected.now); !window) return window;
  out.recipient = *data->attribute("Recipient");
  if (!is_sign_in_endpoint(out.recipient, expected.provider_uuid)) {
    return invalid("Response has a Recipient that is not an AWS sign-in endpoint, as " +
                   std::string("https://signin.aws.amazon.com/saml"));
  }
  return {};
}

Verified<void> read_subject(xml::Element assertion, const Expectation& expected, Identity& out) {
  const auto subject = assertion.only_child(kAssertionNs, "Subject");
  const auto name = subject ? subject->only_child(kAssertionNs, "NameID") : std::nullopt;
  out.subject = name ? name->text().value_or("") : "";
  if (out.subject.empty()) return invalid("The assertion must have a Subject with a NameID");
  const std::string format = name->attribute("Format").value_or(kUnspecified);
  out.subject_type =
      format.starts_with(kFormatPrefix) ? format.substr(kFormatPrefix.size()) : format;
  if (out.subject.size() > kMaxNameId || out.subject_type.size() > kMaxNameId) {
    return invalid("NameID and its Format must have at most 256 bytes");
  }
  return read_confirmation(*subject, expected, out);
}

Verified<void> read_sessions(xml::Element assertion, SystemTime now, Identity& out) {
  for (const xml::Element statement : assertion.children(kAssertionNs, "AuthnStatement")) {
    const auto end = time_of(statement, "SessionNotOnOrAfter");
    if (!end) return tl::unexpected(end.error());
    if (!*end) continue;
    // A session has whole seconds, at least one.
    if (**end < now + std::chrono::seconds(1)) {
      return refuse(Reason::expired, "Response has expired");
    }
    out.session_not_on_or_after = std::min(out.session_not_on_or_after.value_or(**end), **end);
  }
  return {};
}

Attribute& attribute_of(Identity& identity, const std::string& name) {
  const auto found = std::find_if(identity.attributes.begin(), identity.attributes.end(),
                                  [&](const Attribute& known) { return known.name == name; });
  if (found != identity.attributes.end()) return *found;
  return identity.attributes.emplace_back(Attribute{name, {}});
}

void read_attributes(xml::Element assertion, Identity& out) {
  for (const xml::Element statement : assertion.children(kAssertionNs, "AttributeStatement")) {
    for (const xml::Element element : statement.children(kAssertionNs, "Attribute")) {
      const auto name = element.attribute("Name");
      if (!name) continue;
      Attribute& attribute = attribute_of(out, *name);
      for (const xml::Element value : element.children(kAssertionNs, "AttributeValue")) {
        if (auto text = value.text()) attribute.values.push_back(*std::move(text));
      }
    }
  }
}

}  // namespace

const std::vector<std::string>& Identity::values(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const Attribute& known) { return known.name == name; });
  return found == attributes.end() ? none : found->values;
}

Verified<Identity> read_assertion(xml::Element assertion, const Expectation& expected) {
  if (assertion.attribute("Version") != "2.0") return invalid("The assertion is not SAML 2.0");
  Identity identity;
  const auto issuer = assertion.only_child(kAssertionNs, "Issuer");
  identity.issuer = issuer ? issuer->text().value_or("") : "";
  if (identity.issuer != expected.provider.entity_id) {
    return refuse(Reason::unreadable, kWrongIssuer);
  }
  if (auto done = check_issuance(assertion, expected.now); !done) {
    return tl::unexpected(std::move(done).error());
  }
  if (auto done = read_subject(assertion, expected, identity); !done) {
    return tl::unexpected(std::move(done).error());
  }
  if (auto done = check_conditions(assertion, expected); !done) {
    return tl::unexpected(std::move(done).error());
  }
  if (auto done = read_sessions(assertion, expected.now, identity); !done) {
    return tl::unexpected(std::move(done).error());
  }
  read_attributes(assertion, identity);
  return identity;
}

}  // namespace imdsd::saml
