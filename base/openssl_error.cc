// SPDX-License-Identifier: MIT
#include "base/openssl_error.h"

#include <openssl/err.h>

namespace imdsd::base {

std::string openssl_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* const reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "OpenSSL failed" : reason;
}

}  // namespace imdsd::base
