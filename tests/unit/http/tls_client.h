// SPDX-License-Identifier: MIT
// A TLS client by OpenSSL, and a server with a certificate of its own.
#pragma once

#include <csignal>
#include <memory>
#include <string>
#include <string_view>
#include <sys/time.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/secret.h"
#include "base/tls_context.h"
#include "http/server.h"
#include "tests/unit/http/running_server.h"

namespace imdsd::http::testing {

struct FreeOpenSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
template <class T>
using OpenSsl = std::unique_ptr<T, FreeOpenSsl>;

inline std::string pem_of(const OpenSsl<BIO>& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

/// A self-signed certificate for `name` and its key.
struct SelfSigned {
  explicit SelfSigned(const std::string& name) {
    const OpenSsl<EVP_PKEY> pair(EVP_EC_gen("P-256"));
    const OpenSsl<X509> made(X509_new());
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_set_pubkey(made.get(), pair.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
    X509_sign(made.get(), pair.get(), EVP_sha256());
    const OpenSsl<BIO> certificate_bio(BIO_new(BIO_s_mem())), key_bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(certificate_bio.get(), made.get());
    PEM_write_bio_PKCS8PrivateKey(key_bio.get(), pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
    certificate = pem_of(certificate_bio);
    key = base::Secret(pem_of(key_bio));
  }
  [[nodiscard]] std::shared_ptr<const base::TlsContext> context() const {
    auto context = base::TlsContext::for_server(certificate, key);
    if (!context) ADD_FAILURE() << context.error().message;
    return context ? *context : nullptr;
  }

  std::string certificate;
  base::Secret key;
};

struct TlsTerms {
  int min_version = TLS1_2_VERSION;
  int max_version = TLS1_3_VERSION;
  std::string protocols{};  // ALPN's wire form
};

/// Trusts anybody: which certificate came is what some tests look at.
class TlsClient final : public RawClient {
 public:
  explicit TlsClient(const base::SocketAddress& address, const TlsTerms& terms = {})
      : RawClient(to_kernel(address)), context_(SSL_CTX_new(TLS_client_method())) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's own socket BIO, which only the client uses
    const timeval patience{kPatience.count() / 1000, 0};
    ::setsockopt(fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    SSL_CTX_set_security_level(context_.get(), 0);  // or OpenSSL would not even offer TLS 1.1
    SSL_CTX_set_min_proto_version(context_.get(), terms.min_version);
    SSL_CTX_set_max_proto_version(context_.get(), terms.max_version);
    ssl_.reset(SSL_new(context_.get()));
    if (!terms.protocols.empty()) {
      SSL_set_alpn_protos(ssl_.get(),
                          reinterpret_cast<const unsigned char*>(terms.protocols.data()),
                          static_cast<unsigned>(terms.protocols.size()));
    }
    SSL_set_fd(ssl_.get(), fd());
    SSL_set_connect_state(ssl_.get());
  }

  bool handshake() { return SSL_do_handshake(ssl_.get()) == 1; }
  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }
  [[nodiscard]] std::string server_name() const {
    const OpenSsl<X509> certificate(SSL_get1_peer_certificate(ssl_.get()));
    char name[256] = "";
    if (certificate) {
      X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name,
                                sizeof name);
    }
    return name;
  }
  /// The server has ended the stream as TLS wants it.
  [[nodiscard]] bool was_told_the_end() const {
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

 protected:
  ssize_t transmit(std::string_view bytes) override {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  }
  ssize_t receive(std::string& out) override {
    return SSL_read(ssl_.get(), out.data(), static_cast<int>(out.size()));
  }

 private:
  OpenSsl<SSL_CTX> context_;
  OpenSsl<SSL> ssl_;
};

/// A server with one TLS port.
class TlsServer {
 public:
  explicit TlsServer(std::shared_ptr<const Service> service,
                     const ServerOptions& options = quick_options())
      : server_(options), cell_(std::make_shared<TlsCell>(SelfSigned("first").context())) {
    address_ = server_.bind(std::move(service), "127.0.0.1:0", cell_);
    server_.start();
  }
  explicit TlsServer(Handler handler, const ServerOptions& options = quick_options())
      : TlsServer(service_of(std::move(handler)), options) {}

  [[nodiscard]] TlsClient connect(const TlsTerms& terms = {}) const {
    return TlsClient(address_, terms);
  }
  [[nodiscard]] RawClient connect_plain() const { return RawClient(to_kernel(address_)); }
  Reply exchange(std::string_view request) const { return connect().exchange(request); }
  void use(const SelfSigned& certificate) { cell_->store(certificate.context()); }
  [[nodiscard]] RunningServer& running() { return server_; }

 private:
  RunningServer server_;
  std::shared_ptr<TlsCell> cell_;
  base::SocketAddress address_;
};

}  // namespace imdsd::http::testing
