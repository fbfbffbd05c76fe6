// SPDX-License-Identifier: MIT
// OpenSSL's objects, owned. Only for base/.
#pragma once

#include <climits>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

namespace imdsd::base {

struct FreeOpenSsl {
  void operator()(BIGNUM* number) const noexcept { BN_clear_free(number); }
  void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
  void operator()(ECDSA_SIG* signature) const noexcept { ECDSA_SIG_free(signature); }
  void operator()(EC_POINT* point) const noexcept { EC_POINT_free(point); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
  void operator()(OSSL_PARAM* parameters) const noexcept { OSSL_PARAM_free(parameters); }
  void operator()(OSSL_PARAM_BLD* builder) const noexcept { OSSL_PARAM_BLD_free(builder); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(X509_STORE* store) const noexcept { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const noexcept { X509_STORE_CTX_free(context); }
};
template <class T>
using OpenSsl = std::unique_ptr<T, FreeOpenSsl>;
using BioHandle = OpenSsl<BIO>;
using CertificateHandle = OpenSsl<X509>;
using KeyHandle = OpenSsl<EVP_PKEY>;
using NumberHandle = OpenSsl<BIGNUM>;

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
