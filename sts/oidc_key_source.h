// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "sts/json_web_key.h"

namespace imdsd::sts {

/// Where the keys of OpenID Connect issuers come from. Thread-safe. It may block for as long as a
/// fetch takes, so that it is asked on worker threads alone.
class OidcKeySource {
 public:
  virtual ~OidcKeySource() = default;
  struct Request {
    std::string issuer;                    // iss, as the token has it
    std::string key_id;                    // kid; empty: any key will do
    std::vector<std::string> thumbprints;  // of the provider: SHA-1, hexadecimal
  };
  /// The issuer's keys, which may lack the one asked for. Errc::not_found: nothing is known of the
  /// issuer, and nothing may be fetched. Errc::unavailable: it cannot be reached.
  /// Errc::access_denied: its TLS certificate is not believed. Errc::invalid_argument: what it
  /// publishes is of no use.
  [[nodiscard]] virtual base::Result<std::shared_ptr<const JsonWebKeySet>> find(
      const Request& request) = 0;
};

}  // namespace imdsd::sts
