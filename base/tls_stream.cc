// SPDX-License-Identifier: MIT
#include "base/tls_stream.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/openssl_error.h"

namespace imdsd::base {
namespace {

/// A call reads on as long as records carry no data. Empty ones and key updates (RFC 8446 section
/// 4.6.3) could come as fast as they are taken, and the call never end.
constexpr std::size_t kBytesInACall = 64 * 1024;

}  // namespace

/// OpenSSL's view of the socket. Its own socket BIO writes with write(), and so dies of SIGPIPE.
struct TlsWire {
  static TlsStream::Wire& of(BIO* bio) { return *static_cast<TlsStream::Wire*>(BIO_get_data(bio)); }

  static bool may_retry() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

  static int read(BIO* bio, char* out, std::size_t size, std::size_t* received) {
    BIO_clear_retry_flags(bio);
    TlsStream::Wire& wire = of(bio);
    *received = 0;
    if (wire.allowance == 0) {
      BIO_set_retry_read(bio);
      return 0;
    }
    const ssize_t count = ::recv(wire.fd, out, std::min(size, wire.allowance), MSG_DONTWAIT);
    *received = count > 0 ? static_cast<std::size_t>(count) : 0;
    wire.allowance -= *received;
    if (count == 0) wire.ended = true;
    if (count < 0 && may_retry()) BIO_set_retry_read(bio);
    return count > 0 ? 1 : 0;
  }

  static int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* sent) {
    BIO_clear_retry_flags(bio);
    const ssize_t count = ::send(of(bio).fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    *sent = count > 0 ? static_cast<std::size_t>(count) : 0;
    if (count < 0 && may_retry()) BIO_set_retry_write(bio);
    return count > 0 ? 1 : 0;
  }

  static long control(BIO* bio, int command, long, void*) {
    switch (command) {
      case BIO_CTRL_FLUSH:
        return 1;
      case BIO_CTRL_EOF:
        return of(bio).ended ? 1 : 0;
      default:
        return 0;
    }
  }

  static BIO_METHOD* make_method() {
    BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    if (made == nullptr || BIO_meth_set_read_ex(made, read) != 1 ||
        BIO_meth_set_write_ex(made, write) != 1 || BIO_meth_set_ctrl(made, control) != 1) {
      return nullptr;
    }
    return made;
  }

  static const BIO_METHOD* method() {
    static const BIO_METHOD* const made = make_method();
    return made;
  }
};

void TlsStream::Free::operator()(ssl_st* ssl) const noexcept {
  SSL_free(ssl);
}

Result<std::unique_ptr<TlsStream>> TlsStream::accept(const TlsContext& context, int fd) {
  std::unique_ptr<TlsStream> stream(new TlsStream(fd));
  stream->ssl_.reset(SSL_new(context.get()));
  BIO* const bio = TlsWire::method() == nullptr ? nullptr : BIO_new(TlsWire::method());
  if (!stream->ssl_ || bio == nullptr) {
    BIO_free(bio);
    return fail(Errc::unavailable, openssl_error());
  }
  BIO_set_data(bio, &stream->wire_);
  BIO_set_init(bio, 1);
  SSL_set_bio(stream->ssl_.get(), bio, bio);
  SSL_set_accept_state(stream->ssl_.get());
  return stream;
}

TlsStream::Outcome TlsStream::handshake() {
  ERR_clear_error();
  wire_.allowance = kBytesInACall;
  return outcome(SSL_do_handshake(ssl_.get()), 0);
}

TlsStream::Outcome TlsStream::read(std::span<char> out) {
  ERR_clear_error();
  wire_.allowance = kBytesInACall;
  std::size_t bytes = 0;
  const int result = SSL_read_ex(ssl_.get(), out.data(), out.size(), &bytes);
  return outcome(result, bytes);
}

TlsStream::Outcome TlsStream::write(std::string_view bytes) {
  ERR_clear_error();
  std::size_t written = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
  return outcome(result, written);
}

std::string_view TlsStream::version() const noexcept {
  switch (SSL_version(ssl_.get())) {
    case TLS1_2_VERSION:
      return "1.2";
    case TLS1_3_VERSION:
      return "1.3";
    default:
      return {};
  }
}

void TlsStream::close_notify() {
  if (failed_ || SSL_is_init_finished(ssl_.get()) != 1) return;
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

TlsStream::Outcome TlsStream::outcome(int result, std::size_t bytes) {
  if (result == 1) return {State::done, bytes};
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {wire_.allowance == 0 ? State::again : State::wants_read};
    case SSL_ERROR_WANT_WRITE:
      return {State::wants_write};
    case SSL_ERROR_ZERO_RETURN:
      return {State::ended};
    case SSL_ERROR_SYSCALL:
      error_ = "the connection broke off";
      break;
    default:
      error_ = openssl_error();
  }
  failed_ = true;  // SSL_shutdown() must not follow
  return {State::failed};
}

}  // namespace imdsd::base
