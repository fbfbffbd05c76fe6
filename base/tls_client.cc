// SPDX-License-Identifier: MIT
#include "base/tls_client.h"

#include <algorithm>
#include <climits>
#include <mutex>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/codec.h"
#include "base/ip_address.h"
#include "base/openssl_error.h"
#include "base/openssl_handles.h"

namespace imdsd::base {
namespace {

struct FreeTls {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(SSL* connection) const noexcept { SSL_free(connection); }
};

std::string thumbprint_of(const X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha1(), digest, &size) != 1) return {};
  return hex_encode({reinterpret_cast<const char*>(digest), size});
}

int thumbprints_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

/// The certificates of the chain that have one of the thumbprints, as authorities; null when none
/// has.
OpenSsl<X509_STORE> authorities_among(STACK_OF(X509) * chain,
                                      const std::vector<std::string>& thumbprints) {
  OpenSsl<X509_STORE> store;
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    X509* const certificate = sk_X509_value(chain, i);
    const std::string thumbprint = thumbprint_of(certificate);
    const bool listed = std::any_of(
        thumbprints.begin(), thumbprints.end(),
        [&](const std::string& known) { return equals_ignoring_case(known, thumbprint); });
    if (!listed) continue;
    if (!store) store.reset(X509_STORE_new());
    if (!store || X509_STORE_add_cert(store.get(), certificate) != 1) return nullptr;
  }
  return store;
}

/// A chain that no authority of the system vouches for, once more, with the certificates that the
/// provider's thumbprints name as authorities. Names and times count as before.
int verify_by_thumbprint(X509_STORE_CTX* failed, const std::vector<std::string>& thumbprints) {
  STACK_OF(X509)* const chain = X509_STORE_CTX_get0_untrusted(failed);
  const OpenSsl<X509_STORE> store = authorities_among(chain, thumbprints);
  const OpenSsl<X509_STORE_CTX> context(X509_STORE_CTX_new());
  if (!store || !context ||
      X509_STORE_CTX_init(context.get(), store.get(), X509_STORE_CTX_get0_cert(failed), chain) !=
          1) {
    return 0;
  }
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set1(rules, X509_STORE_CTX_get0_param(failed));
  // An intermediate certificate is enough, and so is the server's own.
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
  const int verified = X509_verify_cert(context.get());
  X509_STORE_CTX_set_error(failed, X509_STORE_CTX_get_error(context.get()));
  return verified;
}

int verify(X509_STORE_CTX* context, void*) {
  if (X509_verify_cert(context) == 1) return 1;
  const auto* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto* const thumbprints =
      static_cast<const std::vector<std::string>*>(SSL_get_ex_data(ssl, thumbprints_index()));
  if (thumbprints == nullptr || thumbprints->empty()) return 0;
  return verify_by_thumbprint(context, *thumbprints);
}

Result<std::vector<CertificateHandle>> read_certificates(std::string_view pem) {
  const BioHandle bio = bio_over(pem);
  std::vector<CertificateHandle> certificates;
  while (bio) {
    CertificateHandle certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate) break;
    certificates.push_back(std::move(certificate));
  }
  ERR_clear_error();
  if (certificates.empty()) return fail(Errc::invalid_argument, "holds no PEM certificate");
  return certificates;
}

}  // namespace

/// Made at the first use: reading the authorities of a system takes tens of milliseconds.
class TlsTrust::Context {
 public:
  explicit Context(std::vector<CertificateHandle> more) : more_(std::move(more)) {}

  /// It stays as it is from then on.
  [[nodiscard]] Result<SSL_CTX*> get() const {
    const std::lock_guard lock(mutex_);
    if (!made_) {
      IMDSD_TRY(made_, make());
    }
    return made_.get();
  }

 private:
  using Handle = std::unique_ptr<SSL_CTX, FreeTls>;

  [[nodiscard]] Result<Handle> make() const {
    Handle made(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* const context = made.get();
    bool good = context != nullptr && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
                SSL_CTX_set_default_verify_paths(context) == 1;
    for (const auto& certificate : more_) {
      good = good && X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.get()) == 1;
    }
    if (!good) return fail(Errc::internal, "TLS: " + openssl_error());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, verify, nullptr);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return made;
  }

  const std::vector<CertificateHandle> more_;
  mutable std::mutex mutex_;
  mutable Handle made_;
};

Result<TlsTrust> TlsTrust::system(std::string_view more_pem) {
  std::vector<CertificateHandle> more;
  if (!more_pem.empty()) {
    IMDSD_TRY(more, read_certificates(more_pem));
  }
  return TlsTrust(std::make_shared<const Context>(std::move(more)));
}

struct TlsClient::State {
  std::shared_ptr<const TlsTrust::Context> trust;
  std::vector<std::string> thumbprints;
  std::unique_ptr<SSL, FreeTls> ssl;
  BIO* incoming = nullptr;  // both belong to `ssl`
  BIO* outgoing = nullptr;
  std::string received;
  bool ended = false;

  /// What an operation that did not succeed means: more bytes are needed, or an error.
  Result<void> judge(int outcome) {
    switch (SSL_get_error(ssl.get(), outcome)) {
      case SSL_ERROR_WANT_READ:
      case SSL_ERROR_WANT_WRITE:
        ERR_clear_error();
        return {};
      case SSL_ERROR_ZERO_RETURN:
        ended = true;
        return {};
      default:
        break;
    }
    const long verdict = SSL_get_verify_result(ssl.get());
    if (verdict != X509_V_OK) {
      ERR_clear_error();
      return fail(Errc::access_denied,
                  std::string("certificate: ") + X509_verify_cert_error_string(verdict));
    }
    return fail(Errc::unavailable, "TLS: " + openssl_error());
  }
};

TlsClient::TlsClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsClient::TlsClient(TlsClient&&) noexcept = default;
TlsClient& TlsClient::operator=(TlsClient&&) noexcept = default;
TlsClient::~TlsClient() = default;

Result<TlsClient> TlsClient::start(const TlsTrust& trust, const std::string& server,
                                   const std::vector<std::string>& thumbprints) {
  auto state = std::make_unique<State>();
  state->trust = trust.context_;
  state->thumbprints = thumbprints;
  IMDSD_TRY(SSL_CTX* const context, trust.context_->get());
  state->ssl.reset(SSL_new(context));
  BioHandle incoming(BIO_new(BIO_s_mem()));
  BioHandle outgoing(BIO_new(BIO_s_mem()));
  SSL* const ssl = state->ssl.get();
  if (ssl == nullptr || !incoming || !outgoing) return fail(Errc::internal, "TLS: out of memory");
  BIO_set_mem_eof_return(incoming.get(), -1);  // empty means later, until the server closes
  state->incoming = incoming.release();
  state->outgoing = outgoing.release();
  SSL_set_bio(ssl, state->incoming, state->outgoing);
  SSL_set_ex_data(ssl, thumbprints_index(), &state->thumbprints);
  SSL_set_connect_state(ssl);
  X509_VERIFY_PARAM* const rules = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool is_address = IpAddress::parse(server).has_value();
  const bool named = is_address
                         ? X509_VERIFY_PARAM_set1_ip_asc(rules, server.c_str()) == 1
                         : X509_VERIFY_PARAM_set1_host(rules, server.data(), server.size()) == 1 &&
                               SSL_set_tlsext_host_name(ssl, server.c_str()) == 1;
  if (server.empty() || !named) {
    ERR_clear_error();
    return fail(Errc::invalid_argument, "TLS: `" + server + "` is no server name");
  }
  TlsClient client(std::move(state));
  ERR_clear_error();
  IMDSD_TRY_VOID(client.state_->judge(SSL_do_handshake(ssl)));
  return client;
}

Result<void> TlsClient::receive(std::string_view from_server) {
  State& state = *state_;
  SSL* const ssl = state.ssl.get();
  if (from_server.empty()) {
    BIO_set_mem_eof_return(state.incoming, 0);
  } else if (from_server.size() > INT_MAX ||
             BIO_write(state.incoming, from_server.data(), static_cast<int>(from_server.size())) !=
                 static_cast<int>(from_server.size())) {
    return fail(Errc::internal, "TLS: " + openssl_error());
  }
  ERR_clear_error();  // SSL_get_error() looks at what others have left there, too
  if (SSL_is_init_finished(ssl) == 0) {
    const int done = SSL_do_handshake(ssl);
    if (done != 1) return state.judge(done);
  }
  char buffer[16 * 1024];
  while (true) {
    const int size = SSL_read(ssl, buffer, sizeof buffer);
    if (size <= 0) return state.judge(size);
    state.received.append(buffer, static_cast<std::size_t>(size));
  }
}

std::string TlsClient::take_outgoing() {
  std::string out(BIO_ctrl_pending(state_->outgoing), '\0');
  if (!out.empty()) BIO_read(state_->outgoing, out.data(), static_cast<int>(out.size()));
  return out;
}

bool TlsClient::connected() const {
  return SSL_is_init_finished(state_->ssl.get()) == 1;
}

Result<void> TlsClient::send(std::string_view plaintext) {
  if (plaintext.empty()) return {};
  std::size_t written = 0;
  if (SSL_write_ex(state_->ssl.get(), plaintext.data(), plaintext.size(), &written) != 1) {
    return fail(Errc::unavailable, "TLS: " + openssl_error());
  }
  return {};
}

std::string TlsClient::take_received() {
  return std::exchange(state_->received, {});
}

bool TlsClient::ended() const {
  return state_->ended;
}

}  // namespace imdsd::base
