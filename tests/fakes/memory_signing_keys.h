// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "sts/signing_keys.h"

namespace imdsd::fakes {

/// Made once for all tests of a program: an RSA key takes some tenths of a second.
class MemorySigningKeys final : public sts::SigningKeySource {
 public:
  [[nodiscard]] base::Result<std::shared_ptr<const sts::SigningKeys>> keys(
      base::SystemTime now) override {
    static const auto made =
        std::make_shared<const sts::SigningKeys>(sts::SigningKeys().rotated(now).value());
    return made;
  }
};

}  // namespace imdsd::fakes
