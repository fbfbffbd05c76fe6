// SPDX-License-Identifier: MIT
// IMDSv2 session tokens
// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html).
#pragma once

#include <chrono>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/secret_key.h"

namespace imdsd::imds {

/// Issues and checks the tokens of one instance. A token carries its own end and a MAC under a key
/// that lives only in this process, so there is no table to lock, fill or purge; a restart ends all
/// tokens, as a reboot does. Thread-safe; `random` must outlive it.
///
/// Times are monotonic: a step of the wall clock neither kills a token nor revives one.
class TokenAuthority {
 public:
  static constexpr std::chrono::seconds kMinTtl{1};
  static constexpr std::chrono::seconds kMaxTtl{21600};
  static constexpr std::size_t kTokenChars = 56;

  TokenAuthority(std::string_view instance_id, base::Random& random);

  /// 56 characters of URL-safe base64. Errc::invalid_argument for a ttl outside kMinTtl..kMaxTtl.
  [[nodiscard]] base::Result<base::Secret> issue(std::chrono::seconds ttl,
                                                 base::SteadyTime now) const;
  /// What is left of the token's life, rounded down, so that nobody trusts it longer than it lives.
  /// Errc::expired; Errc::invalid_argument for whatever this authority did not issue.
  [[nodiscard]] base::Result<std::chrono::seconds> remaining(std::string_view token,
                                                             base::SteadyTime now) const;

 private:
  [[nodiscard]] std::string mac(std::string_view claims) const;

  base::Random& random_;
  const base::SecretKey key_;
};

}  // namespace imdsd::imds
