// SPDX-License-Identifier: MIT
#include "base/digest_method.h"

#include <cstdlib>

#include <openssl/err.h>
#include <openssl/provider.h>

namespace imdsd::base {
namespace {

/// Without OpenSSL's configuration. Made when it is needed for the first time.
OSSL_LIB_CTX* default_library() {
  static OSSL_LIB_CTX* const library = [] {
    OSSL_LIB_CTX* const made = OSSL_LIB_CTX_new();
    if (made == nullptr || OSSL_PROVIDER_load(made, "default") == nullptr) std::abort();
    return made;
  }();
  return library;
}

}  // namespace

const EVP_MD* digest_method(const char* name, OSSL_LIB_CTX* library) {
  const EVP_MD* method = EVP_MD_fetch(library, name, nullptr);
  if (method == nullptr) {
    ERR_clear_error();
    method = EVP_MD_fetch(default_library(), name, nullptr);
  }
  if (method == nullptr) std::abort();
  return method;
}

void require_digest(int openssl_result) {
  if (openssl_result != 1) std::abort();
}

}  // namespace imdsd::base
