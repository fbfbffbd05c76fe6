// SPDX-License-Identifier: MIT
// HTTP requests and responses as every handler sees them; no socket, no library type. http/ makes
// the requests and sends the responses.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"

namespace imdsd::base {

struct HttpHeader {
  std::string name;   // as received
  std::string value;  // without surrounding white space
};

/// Header lines in wire order; names compare without case.
class HttpHeaders {
 public:
  void add(std::string name, std::string value);
  void reserve(std::size_t lines) { lines_.reserve(lines); }
  /// Replaces every line of that name.
  void set(std::string_view name, std::string value);
  /// The first line of that name.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> get_all(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return get(name).has_value(); }
  [[nodiscard]] const std::vector<HttpHeader>& lines() const noexcept { return lines_; }

 private:
  std::vector<HttpHeader> lines_;
};

/// Who is on the other end. `ip` is empty on a Unix socket, where the credentials are set instead.
struct HttpPeer {
  std::optional<SocketAddress> address;
  struct UnixCredentials {
    unsigned pid = 0, uid = 0, gid = 0;
  };
  std::optional<UnixCredentials> unix_credentials;
};

/// A request body that is read as it arrives.
class HttpBodyReader {
 public:
  virtual ~HttpBodyReader() = default;
  /// Up to out.size() bytes; 0 at the end. Errc::too_large, ::unavailable (the peer went away, or
  /// too slow).
  [[nodiscard]] virtual Result<std::size_t> read(std::span<char> out) = 0;
};

struct HttpRequest {
  std::string method;
  std::string target;   // raw: undecoded path and query, as signed by SigV4
  HttpHeaders headers;  // all of them as received, Range and Accept-Encoding included
  std::string body;     // whole, unless the service asked for a stream
  std::shared_ptr<HttpBodyReader> reader;  // set instead of `body` for BodyMode::stream
  HttpPeer peer;
  std::optional<SocketAddress> local;  // the address the connection came in on
  bool secure = false;                 // TLS
  std::string_view tls_version;        // "1.3", a literal; empty without TLS

  /// `target` up to the first '?'.
  [[nodiscard]] std::string_view path() const noexcept;
  /// `target` behind the first '?', empty without one.
  [[nodiscard]] std::string_view query() const noexcept;
};

/// What is to be done to this one answer besides sending it. Defaults: nothing.
struct HttpOrders {
  /// The IP TTL (IPv4) or hop limit (IPv6) of every packet that carries this answer,
  /// retransmissions included.
  std::optional<int> hop_limit;
  std::chrono::milliseconds delay{0};         // before the first byte; costs no thread
  std::optional<std::size_t> truncate_after;  // body bytes sent before the connection is closed
  bool reset = false;                         // RST instead of an answer
  bool hang = false;   // never answer, keep the connection until the peer or the idle limit ends it
  bool close = false;  // close the connection behind this answer
};

/// A body that is not held but read as the client takes it.
struct HttpBodySource {
  std::size_t size = 0;
  /// Fills `out` with the bytes at `offset`, all of them within `size`; an error breaks the
  /// connection off. What the client did not take is asked for again, and must be the same then.
  /// Called on a thread that may wait for the disk, one call at a time.
  std::function<Result<void>(std::size_t offset, std::span<char> out)> read;
};

struct HttpResponse {
  int status = 200;
  HttpHeaders headers;
  std::string body;
  std::optional<HttpBodySource> source;  // set instead of `body`
  HttpOrders orders;
};

/// RFC 9110 section 15 reason phrase; "Unknown" for others.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// The value of the Host header without its port: "[::1]:80" and "::1" both give "::1".
[[nodiscard]] std::string_view host_without_port(std::string_view host) noexcept;

}  // namespace imdsd::base
