// SPDX-License-Identifier: MIT
// Why a request was denied, for the eyes of those alone who may ask: services such as EC2 put it,
// encrypted, behind "Encoded authorization failure message: "
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "sts/key_ring.h"

namespace imdsd::sts {

/// The longest message that DecodeAuthorizationMessage takes.
inline constexpr std::size_t kMaxEncodedMessage = 10'240;

/// `json`, from iam::authorization_message(), readable in the caller's account alone. Text of
/// A-Za-z0-9-_ and at most kMaxEncodedMessage long: what does not fit is left out, the statements
/// first, the condition keys then.
[[nodiscard]] std::string seal_authorization_message(std::string_view json,
                                                     std::string_view account,
                                                     const KeyRing& key_ring, base::Random& random);

/// The JSON of the message. Errc::corrupt for what was not sealed under a key of this ring, for
/// this account.
[[nodiscard]] base::Result<std::string> open_authorization_message(std::string_view message,
                                                                   std::string_view account,
                                                                   const KeyRing& key_ring);

}  // namespace imdsd::sts
