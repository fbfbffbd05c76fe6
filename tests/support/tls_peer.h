// SPDX-License-Identifier: MIT
// Certificates made at test time, and the server's end of a TLS connection, in memory.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/codec.h"

namespace imdsd::support {

using Certificate = std::shared_ptr<X509>;
using PrivateKey = std::shared_ptr<EVP_PKEY>;

struct Identity {
  Certificate certificate;
  PrivateKey key;

  [[nodiscard]] std::string pem() const {
    return printed([&](BIO* bio) { PEM_write_bio_X509(bio, certificate.get()); });
  }
  [[nodiscard]] std::string key_pem() const {
    return printed([&](BIO* bio) {
      PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  template <class Print>
  static std::string printed(const Print& print) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
    print(bio.get());
    std::string out(BIO_ctrl_pending(bio.get()), '\0');
    BIO_read(bio.get(), out.data(), static_cast<int>(out.size()));
    return out;
  }
  [[nodiscard]] std::string thumbprint() const {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509_digest(certificate.get(), EVP_sha1(), digest, &size);
    return base::hex_encode({reinterpret_cast<const char*>(digest), size});
  }
};

/// `names`: a subjectAltName, "DNS:localhost"; empty for an authority. `issuer`: null for one that
/// signs itself. `age`: seconds since it was made; it lasts for a day.
inline Identity make_identity(const std::string& common_name, const std::string& names,
                              const Identity* issuer, long age = 60) {
  Identity out{Certificate(X509_new(), &X509_free),
               PrivateKey(EVP_EC_gen("P-256"), &EVP_PKEY_free)};
  X509* const certificate = out.certificate.get();
  X509* const issued_by = issuer == nullptr ? certificate : issuer->certificate.get();
  static long serial = 1;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -age);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400 - age);
  X509_set_pubkey(certificate, out.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate, X509_get_subject_name(issued_by));
  const auto extend = [&](int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issued_by, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    if (extension == nullptr) throw std::runtime_error("extension " + value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  };
  extend(NID_basic_constraints, names.empty() ? "critical,CA:TRUE" : "critical,CA:FALSE");
  extend(NID_subject_key_identifier, "hash");
  if (!names.empty()) extend(NID_subject_alt_name, names);
  X509_sign(certificate, issuer == nullptr ? out.key.get() : issuer->key.get(), EVP_sha256());
  return out;
}

/// The server's end; `chain` is sent behind its own certificate.
class TlsPeer {
 public:
  explicit TlsPeer(const Identity& identity, const std::vector<Identity>& chain = {},
                   int max_version = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
    SSL_CTX_set_max_proto_version(context_.get(), max_version);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_use_certificate(context_.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
    for (const Identity& more : chain)
      SSL_CTX_add1_chain_cert(context_.get(), more.certificate.get());
    ssl_ = {SSL_new(context_.get()), &SSL_free};
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_accept_state(ssl_.get());
  }

  /// Takes what the client sent, and gives what is to go back to it.
  std::string exchange(std::string_view from_client) {
    BIO_write(in_, from_client.data(), static_cast<int>(from_client.size()));
    if (SSL_is_init_finished(ssl_.get()) == 0) SSL_do_handshake(ssl_.get());
    char buffer[4096];
    for (int size = 0; (size = SSL_read(ssl_.get(), buffer, sizeof buffer)) > 0;) {
      received_.append(buffer, static_cast<std::size_t>(size));
    }
    return take();
  }
  std::string send(std::string_view text) {
    SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
    return take();
  }
  std::string close() {
    SSL_shutdown(ssl_.get());
    return take();
  }
  [[nodiscard]] const std::string& received() const { return received_; }
  [[nodiscard]] std::string server_name() const {
    const char* const name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? "" : name;
  }

 private:
  std::string take() {
    std::string out(BIO_ctrl_pending(out_), '\0');
    if (!out.empty()) BIO_read(out_, out.data(), static_cast<int>(out.size()));
    return out;
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
  BIO* in_ = nullptr;
  BIO* out_ = nullptr;
  std::string received_;
};

}  // namespace imdsd::support
