// SPDX-License-Identifier: MIT
#include "base/crypto_errors.h"

#include <openssl/err.h>

namespace imdsd::base {

void clear_crypto_errors() noexcept {
  ERR_clear_error();
}

}  // namespace imdsd::base
