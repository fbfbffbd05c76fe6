// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/codec.h"
#include "saml/response.h"
#include "tests/fakes/manual_clock.h"
#include "tests/support/saml_idp.h"

namespace imdsd::saml {

inline constexpr base::SystemTime kNow = fakes::ManualClock::kStart;
inline constexpr std::string_view kUuid = "0B1C2D3E4F5G6H7J8K9LMNPQ";

inline support::SamlResponse sample_response() {
  support::SamlResponse response(kNow);
  response.add_aws("RoleSessionName", {"alice"});
  return response;
}

inline const Metadata& idp_metadata() {
  static const Metadata metadata = parse_metadata(support::SamlIdp::shared().metadata()).value();
  return metadata;
}

inline Verified<Identity> verify(std::string_view xml, base::SystemTime now = kNow,
                                 const Metadata& metadata = idp_metadata()) {
  return verify_response(base::base64_encode(xml), metadata, kUuid, now);
}

/// "ok SUBJECT", or the reason and the message.
inline std::string outcome(const Verified<Identity>& verified) {
  if (verified) return "ok " + verified->subject;
  constexpr std::string_view kReasons[] = {"unreadable", "invalid", "expired", "rejected"};
  return std::string(kReasons[static_cast<std::size_t>(verified.error().reason)]) + ": " +
         verified.error().message;
}

inline std::string outcome(std::string_view xml) {
  return outcome(verify(xml));
}

/// Signed as most providers do it: the assertion.
inline std::string signed_xml(const support::SamlResponse& response) {
  return support::SamlIdp::shared().sign(response.xml(), response.assertion_id);
}

inline std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  if (at == std::string::npos) throw std::logic_error("no " + std::string(what));
  return text.replace(at, what.size(), with);
}

}  // namespace imdsd::saml
