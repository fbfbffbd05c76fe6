// SPDX-License-Identifier: MIT
#include "base/tls_context.h"

#include <utility>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/openssl_error.h"
#include "base/openssl_handles.h"

namespace imdsd::base {
namespace {

/// ALPN's form of a list (RFC 7301 section 3.1): each name behind its length.
constexpr unsigned char kProtocols[] = "\x08http/1.1";
constexpr unsigned kProtocolsBytes = sizeof kProtocols - 1;

/// A client that offers protocols but not ours gets the alert of RFC 7301 section 3.2: whatever it
/// would speak, it is not HTTP/1.1.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_bytes,
                    const unsigned char* offered, unsigned offered_bytes, void*) {
  unsigned char* chosen = nullptr;
  const int outcome = SSL_select_next_proto(&chosen, out_bytes, kProtocols, kProtocolsBytes,
                                            offered, offered_bytes);
  *out = chosen;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool configure(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  // Idle connections have no buffers; an answer may be sent in parts, from where it lies then.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
         SSL_CTX_set_num_tickets(context, 0) == 1;
}

Result<void> use_chain(SSL_CTX* context, std::string_view pem) {
  const BioHandle bio = bio_over(pem);
  const CertificateHandle own(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr));
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) {
    return fail(Errc::invalid_argument, "certificate: " + openssl_error());
  }
  while (
      const CertificateHandle next{PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr)}) {
    if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) {
      return fail(Errc::invalid_argument, "certificate chain: " + openssl_error());
    }
  }
  (void)openssl_error();  // the end of the chain
  return {};
}

Result<void> use_key(SSL_CTX* context, const Secret& pem) {
  const BioHandle bio = bio_over(pem.reveal());
  const KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  if (!key) return fail(Errc::invalid_argument, "private key: " + openssl_error());
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return fail(Errc::invalid_argument,
                "the private key is not the certificate's: " + openssl_error());
  }
  return {};
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const noexcept {
  SSL_CTX_free(context);
}

Result<std::shared_ptr<const TlsContext>> TlsContext::for_server(std::string_view chain,
                                                                 const Secret& key) {
  Handle context(SSL_CTX_new(TLS_server_method()));
  if (!context || !configure(context.get())) return fail(Errc::internal, openssl_error());
  IMDSD_TRY_VOID(use_chain(context.get(), chain));
  IMDSD_TRY_VOID(use_key(context.get(), key));
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(context)));
}

}  // namespace imdsd::base
