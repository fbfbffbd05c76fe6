// SPDX-License-Identifier: MIT
// OpenSSL's objects, owned. Only for base/.
#pragma once

#include <climits>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace imdsd::base {

struct FreeOpenSsl {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
using BioHandle = std::unique_ptr<BIO, FreeOpenSsl>;
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeOpenSsl>;
using CertificateHandle = std::unique_ptr<X509, FreeOpenSsl>;

/// Reads `bytes`, which outlives it. Empty beyond what OpenSSL can count.
[[nodiscard]] inline BioHandle bio_over(std::string_view bytes) {
  if (bytes.size() > INT_MAX) return nullptr;
  return BioHandle(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

/// A memory BIO to write secrets into: wiped when freed.
[[nodiscard]] inline BioHandle bio_for_secrets() {
  return BioHandle(BIO_new(BIO_s_secmem()));
}

/// What was written to a memory BIO.
[[nodiscard]] inline std::string_view written(const BioHandle& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, size > 0 ? static_cast<std::size_t>(size) : 0};
}

/// For PEM readers: OpenSSL would ask at the terminal for the password of an encrypted key.
inline int no_password(char*, int, int, void*) {
  return 0;
}

}  // namespace imdsd::base
