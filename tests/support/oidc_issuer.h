// SPDX-License-Identifier: MIT
// An OpenID Connect issuer in memory: a key, what it publishes, and tokens. It signs with OpenSSL
// by itself, so that no code of ours verifies what code of ours has made.
#pragma once

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/codec.h"

namespace imdsd::support {

inline void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

class OidcIssuer {
 public:
  /// `algorithm`: RS256 to ES512.
  explicit OidcIssuer(std::string algorithm = "RS256", std::string key_id = "key-1")
      : algorithm_(std::move(algorithm)), key_id_(std::move(key_id)), key_(make_key(algorithm_)) {}

  [[nodiscard]] const std::string& key_id() const { return key_id_; }

  [[nodiscard]] nlohmann::json jwk() const {
    nlohmann::json out{{"kid", key_id_}, {"alg", algorithm_}, {"use", "sig"}};
    if (is_rsa()) {
      out["kty"] = "RSA";
      out["n"] = number(OSSL_PKEY_PARAM_RSA_N, 0);
      out["e"] = number(OSSL_PKEY_PARAM_RSA_E, 0);
    } else {
      out["kty"] = "EC";
      out["crv"] = curve();
      out["x"] = number(OSSL_PKEY_PARAM_EC_PUB_X, field_bytes());
      out["y"] = number(OSSL_PKEY_PARAM_EC_PUB_Y, field_bytes());
    }
    return out;
  }
  [[nodiscard]] std::string jwks() const { return nlohmann::json{{"keys", {jwk()}}}.dump(); }

  [[nodiscard]] std::string token(const nlohmann::json& claims) const {
    return token(nlohmann::json{{"alg", algorithm_}, {"kid", key_id_}, {"typ", "JWT"}}.dump(),
                 claims.dump());
  }
  /// Of any texts, right or wrong.
  [[nodiscard]] std::string token(std::string_view header, std::string_view claims) const {
    const std::string text =
        base::base64url_encode_unpadded(header) + "." + base::base64url_encode_unpadded(claims);
    return text + "." + base::base64url_encode_unpadded(sign(text));
  }

  /// As RFC 7518 section 3 has it: the two numbers of ECDSA one behind the other.
  [[nodiscard]] std::string sign(std::string_view text) const {
    const EVP_MD* const digest = EVP_get_digestbyname(("SHA" + algorithm_.substr(2)).c_str());
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    std::array<unsigned char, 1024> buffer{};
    std::size_t size = buffer.size();
    require(
        EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1 &&
            EVP_DigestSign(context.get(), buffer.data(), &size,
                           reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1,
        "signing");
    if (is_rsa()) return {reinterpret_cast<const char*>(buffer.data()), size};
    const unsigned char* at = buffer.data();
    ECDSA_SIG* const pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size));
    const auto field = static_cast<int>(field_bytes());
    std::string out(2 * field_bytes(), '\0');
    auto* const bytes = reinterpret_cast<unsigned char*>(out.data());
    require(BN_bn2binpad(ECDSA_SIG_get0_r(pair), bytes, field) == field &&
                BN_bn2binpad(ECDSA_SIG_get0_s(pair), bytes + field, field) == field,
            "ECDSA signature");
    ECDSA_SIG_free(pair);
    return out;
  }

 private:
  [[nodiscard]] bool is_rsa() const { return algorithm_.starts_with("RS"); }
  [[nodiscard]] std::string curve() const { return curve_of(algorithm_); }
  [[nodiscard]] std::size_t field_bytes() const {
    return algorithm_ == "ES256" ? 32 : algorithm_ == "ES384" ? 48 : 66;
  }
  static std::string curve_of(const std::string& algorithm) {
    return algorithm == "ES256" ? "P-256" : algorithm == "ES384" ? "P-384" : "P-521";
  }

  static std::shared_ptr<EVP_PKEY> make_key(const std::string& algorithm) {
    EVP_PKEY* const key =
        algorithm.starts_with("RS") ? EVP_RSA_gen(2048) : EVP_EC_gen(curve_of(algorithm).c_str());
    require(key != nullptr, "key");
    return {key, &EVP_PKEY_free};
  }

  [[nodiscard]] std::string number(const char* name, std::size_t bytes) const {
    BIGNUM* value = nullptr;
    require(EVP_PKEY_get_bn_param(key_.get(), name, &value) == 1, name);
    if (bytes == 0) bytes = static_cast<std::size_t>(BN_num_bytes(value));
    std::string out(bytes, '\0');
    require(BN_bn2binpad(value, reinterpret_cast<unsigned char*>(out.data()),
                         static_cast<int>(bytes)) == static_cast<int>(bytes),
            name);
    BN_free(value);
    return base::base64url_encode_unpadded(out);
  }

  std::string algorithm_;
  std::string key_id_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace imdsd::support
