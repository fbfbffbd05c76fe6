// SPDX-License-Identifier: MIT
// A server on loopback with a socket client that shows every byte. Waits are bounded polls on
// sockets.
#pragma once

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

#include "base/file_descriptor.h"
#include "base/task_group.h"
#include "http/server.h"
#include "http/sockaddr.h"

namespace imdsd::http::testing {

using std::chrono::milliseconds;
using Handler = std::function<base::HttpResponse(base::HttpRequest&)>;

inline constexpr milliseconds kPatience{10'000};

/// An answer as a client sees it; header names in lower case.
struct Reply {
  int status = 0;  // 0: the connection ended or nothing came
  std::multimap<std::string, std::string> headers;
  std::string body;
  std::string head;
  [[nodiscard]] std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string("(none)") : found->second;
  }
};

/// A blocking client of one connection.
class RawClient {
 public:
  explicit RawClient(KernelAddress address) : RawClient(address.family()) { connect(address); }
  explicit RawClient(int family) : fd_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    // Each send() is a segment at once; a Unix socket does without.
    const int on = 1;
    ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }

  RawClient(RawClient&&) = default;
  RawClient& operator=(RawClient&&) = default;
  virtual ~RawClient() = default;

  bool connect(KernelAddress address) {
    return ::connect(fd_.get(), address.get(), address.size) == 0;
  }
  [[nodiscard]] int fd() const { return fd_.get(); }

  /// False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = transmit(bytes);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void half_close() { ::shutdown(fd_.get(), SHUT_WR); }
  void close() { fd_.reset(); }

  /// True when something can be read (the end included) within `timeout`.
  [[nodiscard]] bool readable(milliseconds timeout) const {
    pollfd entry{fd_.get(), POLLIN, 0};
    return !pending_.empty() || ::poll(&entry, 1, static_cast<int>(timeout.count())) > 0;
  }
  /// The next answer. `head_only`: to HEAD, so without body.
  Reply read(bool head_only = false) {
    std::size_t end = 0;
    while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return {};
    }
    Reply reply = parse(pending_.substr(0, end + 2));
    pending_.erase(0, end + 4);
    const auto length = reply.headers.find("content-length");
    if (head_only || reply.status < 200 || reply.status == 204) return reply;
    const std::size_t size = length == reply.headers.end()
                                 ? std::string::npos
                                 : std::strtoull(length->second.c_str(), nullptr, 10);
    while (pending_.size() < size && more()) {
    }
    reply.body = pending_.substr(0, size);
    pending_.erase(0, reply.body.size());
    return reply;
  }
  /// Everything up to the end of the connection.
  std::string read_to_end() {
    while (more()) {
    }
    return std::exchange(pending_, {});
  }
  /// True when the server has closed and nothing is left to read.
  bool at_end() { return read_to_end().empty() && ended_; }
  /// errno of the read that ended the connection; 0 for an orderly end.
  [[nodiscard]] int end_error() const { return end_error_; }
  Reply exchange(std::string_view request) {
    send(request);
    return read();
  }

 protected:
  virtual ssize_t transmit(std::string_view bytes) {
    return ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  virtual ssize_t receive(std::string& out) { return ::recv(fd_.get(), out.data(), out.size(), 0); }

 private:
  bool more() {
    if (ended_) return false;
    pollfd entry{fd_.get(), POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(kPatience.count())) <= 0) {
      ADD_FAILURE() << "the server neither answers nor closes";
      return false;
    }
    std::string part(64 * 1024, '\0');
    const ssize_t received = receive(part);
    if (received <= 0) {
      ended_ = true;
      end_error_ = received < 0 ? errno : 0;
      return false;
    }
    pending_.append(part, 0, static_cast<std::size_t>(received));
    return true;
  }

  static Reply parse(const std::string& head) {
    Reply reply;
    reply.head = head;
    reply.status = head.size() > 12 ? std::atoi(head.c_str() + 9) : -1;
    std::size_t pos = head.find("\r\n") + 2;
    while (pos < head.size()) {
      const std::size_t end = head.find("\r\n", pos);
      const std::size_t colon = head.find(": ", pos);
      std::string name = head.substr(pos, colon - pos);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      reply.headers.emplace(name, head.substr(colon + 2, end - colon - 2));
      pos = end + 2;
    }
    return reply;
  }

  base::FileDescriptor fd_;
  std::string pending_;
  bool ended_ = false;
  int end_error_ = 0;
};

/// Answers with what the request was: method, target, body.
inline base::HttpResponse echo(base::HttpRequest& request) {
  base::HttpResponse response;
  response.headers.add("Content-Type", "text/plain");
  response.body = request.method + " " + request.target + " [" + request.body + "]";
  return response;
}

inline std::shared_ptr<Service> service_of(Handler handler,
                                           Execution execution = Execution::event_thread) {
  auto service = std::make_shared<Service>();
  service->name = "test";
  service->execution = execution;
  service->handle = std::move(handler);
  return service;
}

/// Limits that a test reaches in no time.
inline ServerOptions quick_options() {
  ServerOptions options;
  options.limits.drain_timeout = milliseconds{2'000};
  return options;
}

/// A server that runs until the test ends.
class RunningServer {
 public:
  explicit RunningServer(std::shared_ptr<const Service> service,
                         const ServerOptions& options = quick_options())
      : server_(options) {
    address_ = bind(std::move(service), "127.0.0.1:0");
    start();
  }
  explicit RunningServer(Handler handler, const ServerOptions& options = quick_options())
      : RunningServer(service_of(std::move(handler)), options) {}
  /// Not started: bind() more, then start().
  explicit RunningServer(const ServerOptions& options) : server_(options) {}

  base::SocketAddress bind(std::shared_ptr<const Service> service, const std::string& address,
                           std::shared_ptr<const TlsCell> tls = nullptr) {
    Listener listener;
    listener.address = base::SocketAddress::parse(address).value();
    listener.service = std::move(service);
    listener.tls = std::move(tls);
    auto bound = server_.bind(listener);
    if (!bound) ADD_FAILURE() << bound.error().message;
    return bound ? *bound : base::SocketAddress{};
  }
  void start() {
    threads_.spawn("server", [this](std::stop_token stop) { server_.run(stop); });
  }
  void stop_and_join() {
    server_.stop();
    threads_.join();
  }

  [[nodiscard]] Server& server() { return server_; }
  [[nodiscard]] const base::SocketAddress& address() const { return address_; }
  [[nodiscard]] RawClient connect() const { return RawClient(to_kernel(address_)); }
  Reply exchange(std::string_view request) const { return connect().exchange(request); }

 private:
  Server server_;
  base::SocketAddress address_;
  base::TaskGroup threads_;  // last: stops and joins before the server goes
};

/// Looks again until `condition` holds; for state that no socket shows.
inline bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 5'000; ++i) {
    if (condition()) return true;
    ::poll(nullptr, 0, 1);
  }
  return condition();
}

inline constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace imdsd::http::testing
