// SPDX-License-Identifier: MIT
#include "base/p256.h"

#include <array>
#include <cstdlib>
#include <string>
#include <utility>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>

#include "base/codec.h"
#include "base/digest.h"
#include "base/openssl_handles.h"

namespace imdsd::base {
namespace {

constexpr std::size_t kPointBytes = 1 + 2 * kP256ScalarBytes;  // SEC 1 section 2.3.3, uncompressed
using PointBytes = std::array<unsigned char, kPointBytes>;

template <class T>
T require(T object) {
  if (!object) std::abort();  // out of memory, or libcrypto without P-256
  return object;
}

const unsigned char* in(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

const EC_GROUP* curve() {
  static const EC_GROUP* const group = require(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  return group;
}

/// What fails here is an answer, not an error for the next user of this thread's queue to find.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

PointBytes point_of(const BIGNUM* private_key) {
  const OpenSsl<EC_POINT> point(require(EC_POINT_new(curve())));
  PointBytes bytes{};
  require(EC_POINT_mul(curve(), point.get(), private_key, nullptr, nullptr, nullptr) == 1);
  require(EC_POINT_point2oct(curve(), point.get(), POINT_CONVERSION_UNCOMPRESSED, bytes.data(),
                             bytes.size(), nullptr) == bytes.size());
  return bytes;
}

EVP_PKEY* key_at(PointBytes point) {
  std::string group(SN_X9_62_prime256v1);
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  const OpenSsl<EVP_PKEY_CTX> context(require(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)));
  EVP_PKEY* key = nullptr;
  require(EVP_PKEY_fromdata_init(context.get()) == 1);
  require(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                            const_cast<OSSL_PARAM*>(parameters.data())) == 1);
  return key;
}

}  // namespace

struct P256PublicKey::Key {
  PointBytes point;
  KeyHandle openssl;
};

Result<P256PublicKey> P256PublicKey::of_private(std::string_view private_key) {
  const NumberHandle number(
      require(BN_bin2bn(in(private_key), static_cast<int>(private_key.size()), nullptr)));
  if (private_key.size() != kP256ScalarBytes || BN_is_zero(number.get()) ||
      BN_cmp(number.get(), EC_GROUP_get0_order(curve())) >= 0) {
    return fail(Errc::invalid_argument, "not a private key of P-256");
  }
  const PointBytes point = point_of(number.get());
  return P256PublicKey(std::make_shared<const Key>(Key{point, KeyHandle(key_at(point))}));
}

std::string P256PublicKey::coordinates_hex() const {
  const auto* const bytes = reinterpret_cast<const char*>(key_->point.data());
  return hex_encode({bytes + 1, kPointBytes - 1});
}

bool P256PublicKey::verify(std::string_view message, std::string_view signature) const {
  const QuietErrors quiet;
  const std::string digest = sha256(message);
  const OpenSsl<EVP_PKEY_CTX> context(
      require(EVP_PKEY_CTX_new_from_pkey(nullptr, key_->openssl.get(), nullptr)));
  require(EVP_PKEY_verify_init(context.get()) == 1);
  return EVP_PKEY_verify(context.get(), in(signature), signature.size(), in(digest),
                         digest.size()) == 1;
}

}  // namespace imdsd::base
