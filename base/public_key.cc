// SPDX-License-Identifier: MIT
#include "base/public_key.h"

#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "base/openssl_handles.h"

namespace imdsd::base {
namespace {

constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 8192;  // what a verification costs grows with it
constexpr int kMaxExponentBits = 32;

struct CurveInfo {
  EllipticCurve curve;
  const char* name;
  std::size_t field_bytes;
  SignatureAlgorithm algorithm;
};
constexpr std::array kCurves{
    CurveInfo{EllipticCurve::p256, "P-256", 32, SignatureAlgorithm::es256},
    CurveInfo{EllipticCurve::p384, "P-384", 48, SignatureAlgorithm::es384},
    CurveInfo{EllipticCurve::p521, "P-521", 66, SignatureAlgorithm::es512},
};

const CurveInfo& info_of(EllipticCurve curve) {
  return kCurves[static_cast<std::size_t>(curve)];
}

struct AlgorithmName {
  std::string_view name;
  SignatureAlgorithm algorithm;
};
constexpr std::array kAlgorithms{
    AlgorithmName{"RS256", SignatureAlgorithm::rs256},
    AlgorithmName{"RS384", SignatureAlgorithm::rs384},
    AlgorithmName{"RS512", SignatureAlgorithm::rs512},
    AlgorithmName{"ES256", SignatureAlgorithm::es256},
    AlgorithmName{"ES384", SignatureAlgorithm::es384},
    AlgorithmName{"ES512", SignatureAlgorithm::es512},
};

const EVP_MD* digest_of(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::rs256:
    case SignatureAlgorithm::es256: {
      static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
      return sha256;
    }
    case SignatureAlgorithm::rs384:
    case SignatureAlgorithm::es384: {
      static EVP_MD* const sha384 = EVP_MD_fetch(nullptr, "SHA2-384", nullptr);
      return sha384;
    }
    case SignatureAlgorithm::rs512:
    case SignatureAlgorithm::es512: {
      static EVP_MD* const sha512 = EVP_MD_fetch(nullptr, "SHA2-512", nullptr);
      return sha512;
    }
  }
  return nullptr;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

NumberHandle number_of(std::string_view big_endian) {
  return NumberHandle(
      BN_bin2bn(bytes_of(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

/// The key that these parameters describe; null when they describe none.
KeyHandle key_from(const char* type, OSSL_PARAM_BLD* builder) {
  const OpenSsl<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(builder));
  const OpenSsl<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return KeyHandle(key);
}

/// As OpenSSL takes it; empty when the two numbers are not of this curve's size.
std::string der_of(std::string_view signature, std::size_t field_bytes) {
  if (signature.size() != 2 * field_bytes) return {};
  const OpenSsl<ECDSA_SIG> pair(ECDSA_SIG_new());
  NumberHandle r = number_of(signature.substr(0, field_bytes));
  NumberHandle s = number_of(signature.substr(field_bytes));
  if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
  (void)r.release();  // the pair's now
  (void)s.release();
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return {};
  std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

}  // namespace

struct PublicKey::Key {
  KeyHandle pkey;
  std::optional<EllipticCurve> curve;  // none: RSA
};

std::optional<SignatureAlgorithm> find_signature_algorithm(std::string_view name) {
  for (const AlgorithmName& known : kAlgorithms) {
    if (known.name == name) return known.algorithm;
  }
  return std::nullopt;
}

Result<PublicKey> PublicKey::rsa(std::string_view modulus, std::string_view exponent) {
  constexpr std::size_t kMaxBytes = kMaxRsaBits / 8;
  if (modulus.size() > kMaxBytes || exponent.size() > kMaxBytes) {
    return fail(Errc::invalid_argument, "an RSA key of more than 8192 bits");
  }
  const NumberHandle n = number_of(modulus);
  const NumberHandle e = number_of(exponent);
  if (!n || !e) return fail(Errc::internal, "out of memory");
  if (BN_num_bits(n.get()) < kMinRsaBits || BN_is_odd(n.get()) == 0) {
    return fail(Errc::invalid_argument, "the RSA modulus must be odd and have 2048 bits or more");
  }
  if (BN_num_bits(e.get()) < 2 || BN_num_bits(e.get()) > kMaxExponentBits ||
      BN_is_odd(e.get()) == 0) {
    return fail(Errc::invalid_argument, "the RSA exponent must be odd, over 1 and under 2^32");
  }
  const OpenSsl<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  KeyHandle key;
  if (builder && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1) {
    key = key_from("RSA", builder.get());
  }
  if (!key) return fail(Errc::invalid_argument, "not an RSA key");
  return PublicKey(std::make_shared<const Key>(Key{std::move(key), std::nullopt}));
}

Result<PublicKey> PublicKey::elliptic(EllipticCurve curve, std::string_view x, std::string_view y) {
  const CurveInfo& info = info_of(curve);
  if (x.size() != info.field_bytes || y.size() != info.field_bytes) {
    return fail(Errc::invalid_argument, "coordinates of " + std::string(info.name) + " have " +
                                            std::to_string(info.field_bytes) + " bytes");
  }
  const std::string point = std::string("\x04").append(x).append(y);  // uncompressed, SEC 1 2.3.3
  const OpenSsl<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  KeyHandle key;
  if (builder &&
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, info.name, 0) ==
          1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) == 1) {
    key = key_from("EC", builder.get());
  }
  if (!key) return fail(Errc::invalid_argument, "not a point of " + std::string(info.name));
  return PublicKey(std::make_shared<const Key>(Key{std::move(key), curve}));
}

bool PublicKey::fits(SignatureAlgorithm algorithm) const {
  if (key_->curve) return info_of(*key_->curve).algorithm == algorithm;
  return algorithm == SignatureAlgorithm::rs256 || algorithm == SignatureAlgorithm::rs384 ||
         algorithm == SignatureAlgorithm::rs512;
}

bool PublicKey::verifies(SignatureAlgorithm algorithm, std::string_view data,
                         std::string_view signature) const {
  if (!fits(algorithm)) return false;
  std::string der;
  if (key_->curve) {
    der = der_of(signature, info_of(*key_->curve).field_bytes);
    signature = der;
  }
  if (signature.empty()) return false;
  const OpenSsl<EVP_MD_CTX> context(EVP_MD_CTX_new());
  // The key is only read: OpenSSL counts its references, and changes nothing else.
  EVP_PKEY* const pkey = key_->pkey.get();
  const bool verified =
      context &&
      EVP_DigestVerifyInit(context.get(), nullptr, digest_of(algorithm), nullptr, pkey) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(data),
                       data.size()) == 1;
  if (!verified) ERR_clear_error();
  return verified;
}

}  // namespace imdsd::base
