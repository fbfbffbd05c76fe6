// SPDX-License-Identifier: MIT
#include "base/certified_key.h"

#include <array>
#include <ctime>
#include <utility>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

#include "base/openssl_error.h"
#include "base/openssl_handles.h"

namespace imdsd::base {
namespace {

struct FreeMessage {
  void operator()(PKCS7* message) const noexcept { PKCS7_free(message); }
  void operator()(ASN1_TIME* time) const noexcept { ASN1_TIME_free(time); }
};
using Message = std::unique_ptr<PKCS7, FreeMessage>;
using Time = std::unique_ptr<ASN1_TIME, FreeMessage>;

/// What is known of a type of key.
struct TypeInfo {
  CertifiedKeyType type;
  std::string_view name;
  int id, bits;
  const char* group;  // of DSA: RFC 5114 section 2
  const EVP_MD* (*digest)();
};
constexpr std::array<TypeInfo, 4> kTypes = {{
    {CertifiedKeyType::rsa1024, "RSA-1024 with SHA-256", EVP_PKEY_RSA, 1024, nullptr, EVP_sha256},
    {CertifiedKeyType::rsa2048, "RSA-2048 with SHA-256", EVP_PKEY_RSA, 2048, nullptr, EVP_sha256},
    {CertifiedKeyType::dsa1024, "DSA-1024 with SHA-1", EVP_PKEY_DSA, 1024, "dh_1024_160", EVP_sha1},
    {CertifiedKeyType::dsa2048, "DSA-2048 with SHA-256", EVP_PKEY_DSA, 2048, "dh_2048_256",
     EVP_sha256},
}};

const TypeInfo& info_of(CertifiedKeyType type) {
  return kTypes[static_cast<std::size_t>(type)];
}

tl::unexpected<Error> libcrypto_failed(Errc code, const std::string& what) {
  return fail(code, what + ": " + openssl_error());
}

KeyHandle generate_rsa(int bits) {
  return KeyHandle(EVP_RSA_gen(static_cast<unsigned>(bits)));
}

/// p, q and g of a named group, as parameters of a DSA key.
OpenSsl<OSSL_PARAM> dsa_parameters(const char* group) {
  const OpenSsl<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, "DHX", nullptr));
  EVP_PKEY* raw = nullptr;
  if (context == nullptr || EVP_PKEY_paramgen_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_group_name(context.get(), group) != 1 ||
      EVP_PKEY_paramgen(context.get(), &raw) != 1) {
    return nullptr;
  }
  const KeyHandle parameters(raw);
  const OpenSsl<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  std::array<NumberHandle, 3> numbers;
  std::size_t i = 0;
  for (const char* name : {OSSL_PKEY_PARAM_FFC_P, OSSL_PKEY_PARAM_FFC_Q, OSSL_PKEY_PARAM_FFC_G}) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(parameters.get(), name, &number) != 1) return nullptr;
    numbers[i].reset(number);
    if (OSSL_PARAM_BLD_push_BN(builder.get(), name, number) != 1) return nullptr;
    ++i;
  }
  return OpenSsl<OSSL_PARAM>(OSSL_PARAM_BLD_to_param(builder.get()));
}

KeyHandle generate_dsa(const char* group) {
  const OpenSsl<OSSL_PARAM> parameters = dsa_parameters(group);
  const OpenSsl<EVP_PKEY_CTX> importing(EVP_PKEY_CTX_new_from_name(nullptr, "DSA", nullptr));
  EVP_PKEY* raw = nullptr;
  if (parameters == nullptr || importing == nullptr ||
      EVP_PKEY_fromdata_init(importing.get()) != 1 ||
      EVP_PKEY_fromdata(importing.get(), &raw, EVP_PKEY_KEY_PARAMETERS, parameters.get()) != 1) {
    return nullptr;
  }
  const KeyHandle group_key(raw);
  const OpenSsl<EVP_PKEY_CTX> context(
      EVP_PKEY_CTX_new_from_pkey(nullptr, group_key.get(), nullptr));
  raw = nullptr;
  if (context == nullptr || EVP_PKEY_keygen_init(context.get()) != 1 ||
      EVP_PKEY_keygen(context.get(), &raw) != 1) {
    return nullptr;
  }
  return KeyHandle(raw);
}

Time asn1_time(SystemTime time) {
  return Time(ASN1_TIME_set(nullptr, std::chrono::system_clock::to_time_t(time)));
}

bool set_subject(X509* certificate, const CertificateSubject& subject) {
  X509_NAME* const name = X509_get_subject_name(certificate);
  const auto add = [name](const char* field, const std::string& value) {
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1,
                                      0) == 1;
  };
  return add("O", subject.organization) && add("CN", subject.common_name) &&
         X509_set_issuer_name(certificate, name) == 1;
}

/// RFC 5280 section 4.1.2.2: a positive number that is not guessed; 64 bits of it here.
bool set_serial(X509* certificate) {
  const NumberHandle serial(BN_new());
  return serial != nullptr && BN_rand(serial.get(), 64, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

CertificateHandle certify(EVP_PKEY* key, const EVP_MD* digest, const CertificateSubject& subject) {
  CertificateHandle certificate(X509_new());
  const Time from = asn1_time(subject.not_before), to = asn1_time(subject.not_after);
  constexpr long kVersion3 = 2;
  if (certificate == nullptr || from == nullptr || to == nullptr ||
      X509_set_version(certificate.get(), kVersion3) != 1 || !set_serial(certificate.get()) ||
      X509_set1_notBefore(certificate.get(), from.get()) != 1 ||
      X509_set1_notAfter(certificate.get(), to.get()) != 1 ||
      !set_subject(certificate.get(), subject) || X509_set_pubkey(certificate.get(), key) != 1 ||
      X509_sign(certificate.get(), key, digest) == 0) {
    return nullptr;
  }
  return certificate;
}

const TypeInfo* type_of(const EVP_PKEY* key) {
  for (const TypeInfo& info : kTypes) {
    if (EVP_PKEY_get_base_id(key) == info.id && EVP_PKEY_get_bits(key) == info.bits) return &info;
  }
  return nullptr;
}

}  // namespace

struct CertifiedKey::Parts {
  CertifiedKeyType type;
  KeyHandle key;
  CertificateHandle certificate;
};

std::string_view to_string(CertifiedKeyType type) noexcept {
  return info_of(type).name;
}

Result<CertifiedKey> CertifiedKey::generate(CertifiedKeyType type,
                                            const CertificateSubject& subject) {
  const TypeInfo& info = info_of(type);
  KeyHandle key = info.group != nullptr ? generate_dsa(info.group) : generate_rsa(info.bits);
  CertificateHandle certificate = key ? certify(key.get(), info.digest(), subject) : nullptr;
  if (certificate == nullptr) {
    return libcrypto_failed(Errc::internal, "cannot make a key for " + std::string(info.name));
  }
  return CertifiedKey(
      std::make_shared<const Parts>(Parts{type, std::move(key), std::move(certificate)}));
}

Result<std::vector<CertifiedKey>> CertifiedKey::read_pem(std::string_view pem) {
  std::vector<CertifiedKey> keys;
  const BioHandle in = bio_over(pem);
  while (in != nullptr) {
    CertificateHandle certificate(PEM_read_bio_X509(in.get(), nullptr, no_password, nullptr));
    if (certificate == nullptr && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE) {
      ERR_clear_error();
      return keys;
    }
    if (certificate == nullptr) return libcrypto_failed(Errc::corrupt, "certificate does not read");
    KeyHandle key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr));
    if (key == nullptr) return libcrypto_failed(Errc::corrupt, "private key does not read");
    if (X509_check_private_key(certificate.get(), key.get()) != 1) {
      return libcrypto_failed(Errc::corrupt, "private key is not that of the certificate");
    }
    const TypeInfo* const info = type_of(key.get());
    if (info == nullptr)
      return fail(Errc::corrupt, "private key is of a type that nobody asks for");
    keys.push_back(CertifiedKey(
        std::make_shared<const Parts>(Parts{info->type, std::move(key), std::move(certificate)})));
  }
  return fail(Errc::internal, "no memory for keys");
}

CertifiedKeyType CertifiedKey::type() const noexcept {
  return parts_->type;
}

std::string CertifiedKey::certificate_pem() const {
  const BioHandle out(BIO_new(BIO_s_mem()));
  if (out == nullptr || PEM_write_bio_X509(out.get(), parts_->certificate.get()) != 1) return {};
  return std::string(written(out));
}

Secret CertifiedKey::to_pem() const {
  const BioHandle out = bio_for_secrets();
  if (out == nullptr || PEM_write_bio_X509(out.get(), parts_->certificate.get()) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(out.get(), parts_->key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1) {
    return Secret("");
  }
  return Secret(std::string(written(out)));
}

Result<std::string> CertifiedKey::sign(std::string_view data) const {
  const TypeInfo& info = info_of(parts_->type);
  const OpenSsl<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const auto* const bytes = reinterpret_cast<const unsigned char*>(data.data());
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(parts_->key.get())), '\0');
  std::size_t size = signature.size();
  if (info.id != EVP_PKEY_RSA || context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, info.digest(), nullptr, parts_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes, data.size()) != 1) {
    return libcrypto_failed(Errc::internal, "cannot sign with " + std::string(info.name));
  }
  signature.resize(size);
  return signature;
}

Result<std::string> CertifiedKey::sign_message(std::string_view content,
                                               SystemTime signing_time) const {
  const TypeInfo& info = info_of(parts_->type);
  constexpr int kFlags =
      PKCS7_BINARY | PKCS7_NOCERTS | PKCS7_NOSMIMECAP | PKCS7_PARTIAL | PKCS7_STREAM;
  const Message message(PKCS7_sign(nullptr, nullptr, nullptr, nullptr, kFlags));
  PKCS7_SIGNER_INFO* const signer =
      message == nullptr ? nullptr
                         : PKCS7_sign_add_signer(message.get(), parts_->certificate.get(),
                                                 parts_->key.get(), info.digest(), kFlags);
  Time time = asn1_time(signing_time);
  const BioHandle in = bio_over(content);
  const BioHandle out(BIO_new(BIO_s_mem()));
  // The attribute is libcrypto's from there on.
  if (signer == nullptr || in == nullptr || out == nullptr || time == nullptr ||
      PKCS7_add0_attrib_signing_time(signer, time.release()) != 1 ||
      i2d_PKCS7_bio_stream(out.get(), message.get(), in.get(), kFlags) != 1) {
    return libcrypto_failed(Errc::internal, "cannot sign a message with " + std::string(info.name));
  }
  return std::string(written(out));
}

}  // namespace imdsd::base
