// SPDX-License-Identifier: MIT
// Identifiers in AWS's formats. Access key ids and IAM unique ids carry the account: ten bytes
// (1 bit set, 40 bits account, 39 bits random) in base32 behind a four-letter prefix
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace imdsd::aws {

/// Twelve decimal digits.
class AccountId {
 public:
  [[nodiscard]] static base::Result<AccountId> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  friend auto operator<=>(const AccountId&, const AccountId&) = default;

 private:
  explicit AccountId(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

enum class IdPrefix { AKIA, ASIA, AROA, AIDA, AIPA, AGPA, ANPA };
[[nodiscard]] std::string_view to_string(IdPrefix prefix) noexcept;

/// AKIA…, ASIA…: 20 characters.
[[nodiscard]] std::string make_access_key_id(IdPrefix prefix, const AccountId& account,
                                             base::Random& random);
/// AROA…, AIDA…, AIPA…: 21 characters, the same layout and one more random letter.
[[nodiscard]] std::string make_unique_id(IdPrefix prefix, const AccountId& account,
                                         base::Random& random);
/// The account inside an access key id or unique id; nothing for old-style ids (top bit clear) and
/// other text.
[[nodiscard]] std::optional<AccountId> account_in_id(std::string_view id);
/// 40 characters of A-Za-z0-9+/.
[[nodiscard]] std::string make_secret_access_key(base::Random& random);
/// `prefix` ("i-") and 17 hexadecimal digits, as EC2's ids have them.
[[nodiscard]] std::string make_resource_id(std::string_view prefix, base::Random& random);
/// Random (version 4) UUID, as in request ids.
[[nodiscard]] std::string make_uuid(base::Random& random);

}  // namespace imdsd::aws
