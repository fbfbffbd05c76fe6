// SPDX-License-Identifier: MIT
#include "base/secret_key.h"

#include <cassert>

#include <openssl/crypto.h>

namespace imdsd::base {

SecretKey::SecretKey(std::string_view bytes) noexcept {
  assert(bytes.size() == kBytes);
  bytes.copy(bytes_.data(), kBytes);
}

SecretKey::~SecretKey() {
  OPENSSL_cleanse(bytes_.data(), kBytes);
}

}  // namespace imdsd::base
