// SPDX-License-Identifier: MIT
#include "base/signing_key.h"

#include <cstdlib>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/openssl_error.h"
#include "base/openssl_handles.h"

namespace imdsd::base {
namespace {

constexpr int kRsaBits = 2048;
constexpr int kCoordinateBytes = 48;  // of P-384

void require(bool holds) {
  if (!holds) std::abort();  // signing in memory with a good key does not fail
}

const unsigned char* in(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* out(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

bool fits(EVP_PKEY* key, SignatureAlgorithm algorithm) {
  if (algorithm == SignatureAlgorithm::rs256) {
    return EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) == kRsaBits;
  }
  return algorithm == SignatureAlgorithm::es384 && EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_bits(key) == 8 * kCoordinateBytes;
}

/// `size` 0: as long as the number is.
std::string number_of(const EVP_PKEY* key, const char* name, int size) {
  BIGNUM* number = nullptr;
  require(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string bytes(static_cast<std::size_t>(size == 0 ? BN_num_bytes(number) : size), '\0');
  require(BN_bn2binpad(number, out(bytes), static_cast<int>(bytes.size())) >= 0);
  BN_free(number);
  return bytes;
}

/// DER to the two numbers.
std::string fixed_size(const std::string& der) {
  const unsigned char* at = in(der);
  ECDSA_SIG* const signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  require(signature != nullptr);
  std::string bytes(2 * kCoordinateBytes, '\0');
  require(BN_bn2binpad(ECDSA_SIG_get0_r(signature), out(bytes), kCoordinateBytes) >= 0 &&
          BN_bn2binpad(ECDSA_SIG_get0_s(signature), out(bytes) + kCoordinateBytes,
                       kCoordinateBytes) >= 0);
  ECDSA_SIG_free(signature);
  return bytes;
}

}  // namespace

struct SigningKey::Key {
  explicit Key(KeyHandle owned) : handle(std::move(owned)) {}
  KeyHandle handle;
};

Result<SigningKey> SigningKey::generate(SignatureAlgorithm algorithm) {
  KeyHandle made(algorithm == SignatureAlgorithm::rs256   ? EVP_RSA_gen(kRsaBits)
                 : algorithm == SignatureAlgorithm::es384 ? EVP_EC_gen("P-384")
                                                          : nullptr);
  if (!made) return fail(Errc::internal, "signing key: " + openssl_error());
  return SigningKey(algorithm, std::make_shared<const Key>(std::move(made)));
}

Result<SigningKey> SigningKey::from_pem(SignatureAlgorithm algorithm, const Secret& pem) {
  const BioHandle bio = bio_over(pem.reveal());
  KeyHandle read(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  if (!read) return fail(Errc::corrupt, "signing key: " + openssl_error());
  if (!base::fits(read.get(), algorithm)) {
    return fail(Errc::corrupt, "signing key: of another kind than its algorithm");
  }
  return SigningKey(algorithm, std::make_shared<const Key>(std::move(read)));
}

Secret SigningKey::to_pem() const {
  const BioHandle bio = bio_for_secrets();
  require(bio != nullptr && PEM_write_bio_PKCS8PrivateKey(bio.get(), key_->handle.get(), nullptr,
                                                          nullptr, 0, nullptr, nullptr) == 1);
  return Secret(written(bio));
}

std::string SigningKey::sign(std::string_view data) const {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  const bool rsa = algorithm_ == SignatureAlgorithm::rs256;
  std::size_t size = 0;
  require(context != nullptr &&
          EVP_DigestSignInit(context, nullptr, rsa ? EVP_sha256() : EVP_sha384(), nullptr,
                             key_->handle.get()) == 1 &&
          EVP_DigestSign(context, nullptr, &size, in(data), data.size()) == 1);
  std::string signature(size, '\0');
  require(EVP_DigestSign(context, out(signature), &size, in(data), data.size()) == 1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return rsa ? signature : fixed_size(signature);
}

std::vector<std::pair<std::string_view, std::string>> SigningKey::public_numbers() const {
  const EVP_PKEY* const key = key_->handle.get();
  if (algorithm_ == SignatureAlgorithm::rs256) {
    return {{"e", number_of(key, OSSL_PKEY_PARAM_RSA_E, 0)},
            {"n", number_of(key, OSSL_PKEY_PARAM_RSA_N, 0)}};
  }
  return {{"x", number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, kCoordinateBytes)},
          {"y", number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, kCoordinateBytes)}};
}

}  // namespace imdsd::base
