// SPDX-License-Identifier: MIT
// The event server. Connections wait in epoll, not in threads: a connection that has not sent a
// whole head costs memory only. docs/decisions/0001-cpp-httplib-as-event-server.md says why
// cpp-httplib is used in this way.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file_descriptor.h"
#include "base/http_message.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "base/snapshot_cell.h"
#include "base/tls_context.h"

namespace imdsd::http {

/// What to do with a request's body, decided from its head alone.
struct BodyPlan {
  enum class Mode { buffer, stream } mode = Mode::buffer;
  std::size_t max_bytes = 4096;  // beyond: 413 and close
  /// Set to answer without reading the body; the connection closes if there is one.
  std::optional<base::HttpResponse> refuse;
};

/// Where a handler runs.
enum class Execution {
  event_thread,  // only what cannot block: no disk, no locks held for long, no slow cryptography
  worker_pool,
  waiting_pool  // what may wait, for the disk say: apart, so that it holds up nothing but its kind
};

/// What a port serves. Handlers are called from several threads at once and do not throw.
struct Service {
  /// In logs and metrics: "imds", "aws", "admin". Services of one name share their places among the
  /// connections.
  std::string name;
  Execution execution = Execution::event_thread;
  std::function<BodyPlan(const base::HttpRequest& head)> plan;  // on an event thread, always
  std::function<base::HttpResponse(base::HttpRequest&)> handle;
  /// Where the handler of this request, its buffered body with it, runs. On an event thread,
  /// always; null: as `execution` says.
  std::function<Execution(const base::HttpRequest&)> execution_of = {};
  /// Sent with every answer that the server makes itself (400, 408, 413, 414, 431, 503); empty: no
  /// Server header.
  std::string server_header;
};

/// A listener's certificate and key. store() changes them for the connections accepted from then
/// on.
using TlsCell = base::SnapshotCell<base::TlsContext>;

struct UnixSocketPath {
  std::string path;
  unsigned mode = 0600;
  std::optional<unsigned> group;  // gid that owns the socket file
};

/// One listening socket and the service behind it.
struct Listener {
  std::optional<base::SocketAddress> address;  // either this
  std::optional<UnixSocketPath> unix_path;     // or that
  std::shared_ptr<const Service> service;
  /// Set, and never empty: connections are TLS. `HttpRequest::secure` tells the handler.
  std::shared_ptr<const TlsCell> tls;
  /// Of a socket to adopt() on which others go on listening (systemd's): the end of the server
  /// leaves it open, with the connections that nobody has accepted yet.
  bool shared = false;
};

/// A listener that was adopted; `id` is for drop().
struct AdoptedListener {
  std::uint64_t id = 0;
  std::optional<base::SocketAddress> address;  // none: a Unix socket
};

struct Limits {
  std::size_t max_connections = 16384;  // of all listeners; lowered to fit the open-files limit
  std::size_t max_head_bytes = 16 * 1024;
  std::size_t max_line_bytes = 16 * 1024;  // request target, and each header line
  std::size_t max_buffered_body_bytes = 64u
                                        << 20;  // of all requests together; beyond: 503 and close
  std::chrono::milliseconds handshake_timeout{10'000};  // of TLS, from accept() to its end
  std::chrono::milliseconds head_timeout{10'000};       // from the first byte of a head to its end
  // For all of a buffered body; between two pieces of a streamed one.
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle_timeout{75'000};  // between requests, and before the first
  std::chrono::milliseconds send_timeout{
      10'000};  // between two pieces of an answer that the peer takes
  std::chrono::milliseconds drain_timeout{5'000};  // for requests in progress when the server stops
};

/// The threads of each kind but the event threads are made when they are first needed.
struct ServerOptions {
  Limits limits;
  unsigned event_threads = 2;
  unsigned worker_threads = 4;
  std::size_t worker_queue = 1024;  // waiting for a worker; beyond: 503 and close
  /// Threads for streamed bodies of requests, which last as long as the client takes: apart from
  /// the workers, so that slow transfers hold up nothing but each other.
  unsigned stream_threads = 64;
  unsigned send_threads = 4;      // for bodies of answers that have a source
  unsigned waiting_threads = 16;  // for handlers that may wait
  /// Tells the Date of the answers and outlives the server; null: the system's time.
  const base::Clock* clock = nullptr;
};

/// Counters since start; a snapshot, read without a lock.
struct ServerStats {
  std::uint64_t connections_accepted = 0, connections_refused = 0, requests = 0, bad_requests = 0;
  std::size_t connections_open = 0;
};

/// All of the daemon's ports. Life: construct, bind() everything, run() in its own thread, stop,
/// destroy. bind() and run() are for one thread; the rest is thread-safe.
///
/// When connections reach max_connections, or the process runs out of descriptors, a new connection
/// is accepted, answered 503 with `Connection: close` (under TLS: not answered), and closed;
/// accepting recovers by itself.
class Server {
 public:
  explicit Server(ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and listens, but accepts nothing before run(): all ports of the process bind before any
  /// serves. Returns the bound address (port 0 resolved), or the given one for a Unix socket.
  [[nodiscard]] base::Result<base::SocketAddress> bind(const Listener& listener);

  /// Serves, from run() on, a stream socket that somebody else has bound and listens on: systemd's,
  /// or one of another network namespace. `listener` has neither address nor path. Before run() and
  /// while it runs. Errc::invalid_argument for another kind of descriptor, Errc::unavailable when
  /// the server stops.
  [[nodiscard]] base::Result<AdoptedListener> adopt(base::FileDescriptor socket,
                                                    const Listener& listener);
  /// Ends an adopted listener: connecting to it is refused from now on, and its connections are
  /// broken off, soon after the return. Nothing for an id that was dropped.
  void drop(std::uint64_t id);

  /// Serves until stop() or `stop`; then accepts no more, lets requests in progress end within
  /// drain_timeout, closes idle connections and returns.
  void run(std::stop_token stop);
  void stop();

  [[nodiscard]] ServerStats stats() const;

  /// True while every event thread has run since the previous call: for a watchdog, called by one
  /// thread at intervals.
  [[nodiscard]] bool responds();
  /// True when every event thread runs a task within this time: for a health check. Blocks so long
  /// at most; thread-safe, but not for an event thread.
  [[nodiscard]] bool responds_within(std::chrono::milliseconds time) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdsd::http
