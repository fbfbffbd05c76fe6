// SPDX-License-Identifier: MIT
#include "base/certificate.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/openssl_error.h"
#include "base/openssl_handles.h"

namespace imdsd::base {
namespace {

struct FreeExtension {
  void operator()(X509_EXTENSION* extension) const noexcept { X509_EXTENSION_free(extension); }
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
};

std::time_t to_time_t(SystemTime time) {
  return std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
}

/// The extensions are made from OpenSSL's configuration language, in which a comma would start
/// another name.
Result<void> check_names(const CertificateNames& names) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '*';
  };
  for (const std::string& name : names.dns) {
    if (name.empty() || !std::all_of(name.begin(), name.end(), allowed)) {
      return fail(Errc::invalid_argument, "`" + name + "` is no host name");
    }
  }
  if (!names.dns.empty() || !names.ips.empty()) return {};
  return fail(Errc::invalid_argument, "a certificate needs a name");
}

std::string alternative_names(const CertificateNames& names) {
  std::string out;
  const auto add = [&out](const std::string& entry) { out += (out.empty() ? "" : ",") + entry; };
  for (const std::string& name : names.dns) add("DNS:" + name);
  for (const IpAddress& ip : names.ips) add("IP:" + ip.to_string());
  return out;
}

/// RFC 5280 section 4.2.1.10. A kind of name without an entry would be allowed altogether: an
/// address that nobody has stands in for it.
std::string name_constraints(const CertificateNames& names) {
  std::string out = "critical";
  for (const std::string& name : names.dns) {
    out += ",permitted;DNS:" + (name.starts_with("*.") ? name.substr(2) : name);
  }
  if (names.dns.empty()) out += ",permitted;DNS:invalid";
  for (const IpAddress& ip : names.ips) {
    out += ",permitted;IP:" + ip.to_string() +
           (ip.is_v6() ? "/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" : "/255.255.255.255");
  }
  if (names.ips.empty()) out += ",permitted;IP:0.0.0.0/255.255.255.255";
  return out;
}

bool add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, FreeExtension> extension(
      X509V3_EXT_nconf_nid(nullptr, &context, id, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate, Random& random) {
  std::array<std::byte, 16> bytes{};
  random.fill(bytes);
  bytes[0] = (bytes[0] & std::byte{0x3f}) | std::byte{0x40};  // positive, and of one length
  BIGNUM* const number = BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()), nullptr);
  const bool set = number != nullptr &&
                   BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return set;
}

/// Everything but the issuer, the extensions and the signature.
CertificateHandle begin_certificate(const CertificateTerms& terms, EVP_PKEY* key, Random& random) {
  CertificateHandle made(X509_new());
  if (!made) return nullptr;
  X509* const certificate = made.get();
  const auto not_before = to_time_t(terms.now - std::chrono::hours(1));
  const auto not_after = to_time_t(terms.now + terms.lifetime);
  X509_NAME* const name = X509_get_subject_name(certificate);
  const auto add_to_name = [name](const char* field, const std::string& value) {
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1,
                                      0) == 1;
  };
  const bool whole = X509_set_version(certificate, X509_VERSION_3) == 1 &&
                     set_serial(certificate, random) &&
                     ASN1_TIME_set(X509_getm_notBefore(certificate), not_before) != nullptr &&
                     ASN1_TIME_set(X509_getm_notAfter(certificate), not_after) != nullptr &&
                     X509_set_pubkey(certificate, key) == 1 && add_to_name("O", "imdsd") &&
                     add_to_name("CN", terms.common_name);
  return whole ? std::move(made) : nullptr;
}

bool sign(X509* certificate, X509* issuer, EVP_PKEY* key) {
  return X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
         add_extension(certificate, issuer, NID_subject_key_identifier, "hash") &&
         add_extension(certificate, issuer, NID_authority_key_identifier, "keyid") &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

Result<Secret> to_pem(X509* certificate, EVP_PKEY* key) {
  const BioHandle out = bio_for_secrets();
  if (!out ||
      PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509(out.get(), certificate) != 1) {
    return fail(Errc::internal, "certificate: " + openssl_error());
  }
  return Secret(written(out));
}

CertificateHandle read_certificate(std::string_view pem) {
  const BioHandle in = bio_over(pem);
  CertificateHandle read(PEM_read_bio_X509(in.get(), nullptr, no_password, nullptr));
  if (!read) (void)openssl_error();
  return read;
}

KeyHandle read_key(std::string_view pem) {
  const BioHandle in = bio_over(pem);
  KeyHandle read(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr));
  if (!read) (void)openssl_error();
  return read;
}

std::string_view bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::optional<IpAddress> ip_of(std::string_view bytes) {
  if (bytes.size() == 4) {
    std::array<std::uint8_t, 4> v4{};
    std::copy(bytes.begin(), bytes.end(), v4.begin());
    return IpAddress::from_v4(v4);
  }
  if (bytes.size() != 16) return std::nullopt;
  std::array<std::uint8_t, 16> v6{};
  std::copy(bytes.begin(), bytes.end(), v6.begin());
  return IpAddress::from_v6(v6);
}

}  // namespace

Result<Secret> make_certificate_authority(const CertificateTerms& terms, Random& random) {
  IMDSD_TRY_VOID(check_names(terms.names));
  const KeyHandle key(EVP_EC_gen("P-256"));
  const CertificateHandle made = key ? begin_certificate(terms, key.get(), random) : nullptr;
  X509* const certificate = made.get();
  // pathlen 0: it signs servers, and no other authority.
  if (certificate == nullptr ||
      !add_extension(certificate, certificate, NID_basic_constraints,
                     "critical,CA:TRUE,pathlen:0") ||
      !add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !add_extension(certificate, certificate, NID_name_constraints,
                     name_constraints(terms.names)) ||
      !sign(certificate, certificate, key.get())) {
    return fail(Errc::internal, "certificate authority: " + openssl_error());
  }
  return to_pem(certificate, key.get());
}

Result<Secret> issue_server_certificate(const Secret& authority, const CertificateTerms& terms,
                                        Random& random) {
  IMDSD_TRY_VOID(check_names(terms.names));
  const CertificateHandle issuer = read_certificate(authority.reveal());
  const KeyHandle issuer_key = read_key(authority.reveal());
  if (!issuer || !issuer_key) return fail(Errc::corrupt, "the authority cannot be read");
  const KeyHandle key(EVP_EC_gen("P-256"));
  const CertificateHandle made = key ? begin_certificate(terms, key.get(), random) : nullptr;
  X509* const certificate = made.get();
  if (certificate == nullptr ||
      !add_extension(certificate, issuer.get(), NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension(certificate, issuer.get(), NID_key_usage, "critical,digitalSignature") ||
      !add_extension(certificate, issuer.get(), NID_ext_key_usage, "serverAuth") ||
      !add_extension(certificate, issuer.get(), NID_subject_alt_name,
                     alternative_names(terms.names)) ||
      !sign(certificate, issuer.get(), issuer_key.get())) {
    return fail(Errc::internal, "server certificate: " + openssl_error());
  }
  return to_pem(certificate, key.get());
}

Result<std::string> public_certificate(std::string_view pem) {
  const CertificateHandle certificate = read_certificate(pem);
  const BioHandle out(BIO_new(BIO_s_mem()));
  if (!certificate || !out || PEM_write_bio_X509(out.get(), certificate.get()) != 1) {
    return fail(Errc::corrupt, "there is no readable certificate");
  }
  return std::string(written(out));
}

Result<CertificateNames> certificate_names(std::string_view pem) {
  const CertificateHandle certificate = read_certificate(pem);
  if (!certificate) return fail(Errc::corrupt, "there is no readable certificate");
  const std::unique_ptr<GENERAL_NAMES, FreeExtension> all(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
  CertificateNames out;
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) out.dns.emplace_back(bytes_of(name->d.dNSName));
    if (name->type != GEN_IPADD) continue;
    if (const auto ip = ip_of(bytes_of(name->d.iPAddress))) out.ips.push_back(*ip);
  }
  return out;
}

Result<void> verify_server_certificate(std::string_view authority, std::string_view server,
                                       SystemTime at) {
  const CertificateHandle trusted = read_certificate(authority);
  const CertificateHandle judged = read_certificate(server);
  if (!trusted || !judged) return fail(Errc::corrupt, "there is no readable certificate");
  const OpenSsl<X509_STORE> store(X509_STORE_new());
  const OpenSsl<X509_STORE_CTX> context(X509_STORE_CTX_new());
  if (!store || !context || X509_STORE_add_cert(store.get(), trusted.get()) != 1 ||
      X509_STORE_CTX_init(context.get(), store.get(), judged.get(), nullptr) != 1 ||
      X509_STORE_CTX_set_default(context.get(), "ssl_server") != 1) {
    return fail(Errc::internal, openssl_error());
  }
  X509_VERIFY_PARAM* const terms = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(terms, to_time_t(at));
  X509_VERIFY_PARAM_set_flags(terms, X509_V_FLAG_X509_STRICT);
  if (X509_verify_cert(context.get()) == 1) return {};
  const int error = X509_STORE_CTX_get_error(context.get());
  (void)openssl_error();
  return fail(Errc::access_denied, X509_verify_cert_error_string(error));
}

}  // namespace imdsd::base
