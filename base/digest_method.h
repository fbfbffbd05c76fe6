// SPDX-License-Identifier: MIT
// Digest algorithms of OpenSSL, for base/ alone.
#pragma once

#include <openssl/evp.h>

namespace imdsd::base {

/// The algorithm `name` of the providers that `library` has (null: of those that OpenSSL's own
/// configuration names), or else of the default provider, which is in libcrypto itself: where FIPS
/// is on there is no MD5 among the former, and ETags, which protect nothing, are MD5. It lives as
/// long as the process. Thread-safe; to be kept, for looking it up costs more than hashing 100
/// bytes.
[[nodiscard]] const EVP_MD* digest_method(const char* name, OSSL_LIB_CTX* library = nullptr);

/// A digest of memory does not fail: libcrypto is broken if it does, and the process ends.
void require_digest(int openssl_result);

}  // namespace imdsd::base
