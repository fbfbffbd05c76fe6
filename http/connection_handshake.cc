// SPDX-License-Identifier: MIT
// Connection, under TLS: from the first byte to the first request.
#include "base/log.h"
#include "http/connection.h"
#include "http/event_loop.h"

namespace imdsd::http {
namespace {

/// RFC 8446 section 5.1: a record that begins a handshake.
constexpr char kHandshakeRecord = 0x16;

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

}  // namespace

bool Connection::step_handshake() {
  // Nothing is kept for a client before it has sent something.
  if (!channel_.secure()) return begin_tls();
  switch (channel_.handshake().state) {
    case Transfer::State::done:
      tls_.reset();
      state_ = State::head;
      readable_ = true;  // the request may have come along
      arm(Wait::idle);
      return true;
    case Transfer::State::again:
      return true;
    case Transfer::State::wants_read:
      return false;
    case Transfer::State::wants_write:
      watch_writable();
      return false;
    default:
      handshake_failed();
      return true;
  }
}

/// True when there is something to do.
bool Connection::begin_tls() {
  char first = 0;
  switch (channel_.peek(first).state) {
    case Transfer::State::done:
      break;
    case Transfer::State::wants_read:
      return false;
    default:
      close();
      return false;
  }
  if (first == kHandshakeRecord) {
    if (channel_.start_tls(*tls_)) return true;
  } else if (is_upper(first)) {  // a method: the client speaks HTTP, and can be told
    refuse(400, "this port takes HTTPS: use https:// in the endpoint's URL");
    return true;
  }
  close();
  return false;
}

void Connection::handshake_failed() {
  LoopCounters::count(loop_.counters().bad_requests);
  base::log_debug("TLS handshake failed",
                  {{"service", service_->name},
                   {"reason", channel_.tls_error()},
                   {"peer", peer_.address ? peer_.address->to_string() : "unix"}});
  channel_.abandon_tls();
  linger();  // the client may still be sending, and is to see the alert
}

}  // namespace imdsd::http
