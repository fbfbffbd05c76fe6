// SPDX-License-Identifier: MIT
// SAML 2.0 responses (saml-core-2.0-os, saml-profiles-2.0-os section 4.1.4), as AssumeRoleWithSAML
// takes them.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "saml/identity.h"
#include "saml/metadata.h"

namespace imdsd::saml {

/// The longest response, in base64
/// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html).
inline constexpr std::size_t kMaxResponseText = 100'000;

/// Why a response is not taken. `message` is AWS's where that is known, and has nothing of the
/// response that is secret.
struct Refusal {
  enum class Reason {
    unreadable,  // it is no response of this provider
    invalid,
    expired,
    rejected,  // the provider itself says that the user is not signed in
  } reason = Reason::invalid;
  std::string message;
};

template <class T>
class [[nodiscard]] Verified : public tl::expected<T, Refusal> {
 public:
  using tl::expected<T, Refusal>::expected;
};

/// Verifies a response in base64 and reads its assertion: one that a key of `provider` signed, by
/// itself or with the response, that is for AWS, and in time. Nothing that was not signed is read.
/// AWS wants it within five minutes of issuance; a clock of the provider may be ahead by as much.
/// `provider_uuid` is the provider's SAMLProviderUUID. Pure; thread-safe.
[[nodiscard]] Verified<Identity> verify_response(std::string_view text, const Metadata& provider,
                                                 std::string_view provider_uuid,
                                                 base::SystemTime now);

}  // namespace imdsd::saml
