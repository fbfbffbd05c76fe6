// SPDX-License-Identifier: MIT
#include "http/client.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

#include "base/clock_real.h"
#include "base/file_descriptor.h"
#include "http/blocking_socket.h"
#include "http/channel.h"
#include "http/head_scanner.h"
#include "http/response_reader.h"
#include "http/sockaddr.h"

namespace imdsd::http {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using std::chrono::milliseconds;

/// What is left of a timeout for the whole exchange.
class Countdown {
 public:
  explicit Countdown(milliseconds timeout) : end_(clock_.monotonic() + timeout) {}
  [[nodiscard]] milliseconds left() const {
    const auto rest = std::chrono::ceil<milliseconds>(end_ - clock_.monotonic());
    return std::max(rest, milliseconds{0});
  }

 private:
  base::RealClock clock_;
  base::SteadyTime end_;
};

Result<Channel> connect_to(KernelAddress address, const Countdown& countdown) {
  base::FileDescriptor fd(
      ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fail(Errc::unavailable, "socket: " + error_text(errno));
  if (::connect(fd.get(), address.get(), address.size) == 0) return Channel(std::move(fd));
  // A Unix socket with a full backlog says EAGAIN, and there is nothing to wait for.
  if (errno != EINPROGRESS) return fail(Errc::unavailable, "connect: " + error_text(errno));
  if (!wait_for(fd.get(), POLLOUT, countdown.left())) {
    return fail(Errc::unavailable, "connect: timed out");
  }
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return fail(Errc::unavailable, "connect: " + error_text(error));
  return Channel(std::move(fd));
}

bool is_target(std::string_view target) {
  return !target.empty() && is_field_value(target) &&
         target.find_first_of(" \t") == std::string_view::npos;
}

Result<std::string> render(const base::HttpClient::Request& request, const std::string& host) {
  if (!is_token(request.method) || !is_target(request.target)) {
    return fail(Errc::invalid_argument, "bad request line");
  }
  std::string text = request.method + " " + request.target + " HTTP/1.1\r\n";
  if (!request.headers.has("Host")) text += "Host: " + host + "\r\n";
  for (const base::HttpHeader& line : request.headers.lines()) {
    if (!is_token(line.name) || !is_field_value(line.value)) {
      return fail(Errc::invalid_argument, "bad header `" + line.name + "`");
    }
    text += line.name + ": " + line.value + "\r\n";
  }
  const bool has_length = request.headers.has("Content-Length");
  const bool sends_body =
      !request.body.empty() || request.method == "PUT" || request.method == "POST";
  if (sends_body && !has_length) {
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return text + "Connection: close\r\n\r\n" + request.body;
}

class SocketClient final : public base::HttpClient {
 public:
  SocketClient(Result<KernelAddress> address, std::string name, std::string host)
      : address_(std::move(address)), name_(std::move(name)), host_(std::move(host)) {}

  Result<base::HttpResponse> send(const Request& request) override {
    auto response = exchange(request);
    if (!response) return base::fail_in(name_, std::move(response).error());
    return response;
  }

 private:
  Result<base::HttpResponse> exchange(const Request& request) const {
    if (!address_) return tl::unexpected(address_.error());
    const Countdown countdown(request.timeout);
    IMDSD_TRY(const std::string text, render(request, host_));
    IMDSD_TRY(Channel channel, connect_to(*address_, countdown));
    // A server that refuses early may have answered all the same: look before giving up.
    const bool sent = send_all(channel, text, countdown.left());
    ResponseReader reader(request.method == "HEAD");
    std::string buffer(16 * 1024, '\0');
    while (true) {
      const auto received = receive_some(channel, buffer, countdown.left());
      if (!received) {
        return sent ? tl::unexpected(received.error())
                    : fail(Errc::unavailable, "the server takes no request");
      }
      IMDSD_TRY(const bool whole,
                reader.feed(std::string_view(buffer).substr(0, *received), *received == 0));
      if (whole) return reader.take();
    }
  }

  const Result<KernelAddress> address_;
  const std::string name_;  // in error messages
  const std::string host_;
};

}  // namespace

std::unique_ptr<base::HttpClient> make_client(const base::SocketAddress& server) {
  const std::string name = server.to_string();
  return std::make_unique<SocketClient>(to_kernel(server), name, name);
}

std::unique_ptr<base::HttpClient> make_unix_client(const std::string& socket_path) {
  return std::make_unique<SocketClient>(to_kernel(socket_path), socket_path, "localhost");
}

}  // namespace imdsd::http
