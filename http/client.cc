// SPDX-License-Identifier: MIT
#include "http/client.h"

#include <optional>
#include <utility>

#include "http/client_connection.h"
#include "http/head_scanner.h"
#include "http/response_reader.h"
#include "http/sockaddr.h"

namespace imdsd::http {
namespace {

using base::Errc;
using base::fail;
using base::Result;

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
  SocketClient(Result<KernelAddress> address, std::string name, std::string host,
               std::optional<TlsServer> tls = std::nullopt)
      : address_(std::move(address)),
        name_(std::move(name)),
        host_(std::move(host)),
        tls_(std::move(tls)) {}

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
    IMDSD_TRY(auto connection, ClientConnection::open(*address_, tls_, countdown));
    // A server that refuses early may have answered all the same: look before giving up.
    const bool sent = connection.send(text, countdown);
    ResponseReader reader(request.method == "HEAD", request.max_response_bytes);
    while (true) {
      const auto received = connection.receive(countdown);
      if (!received) {
        return sent ? tl::unexpected(received.error())
                    : fail(Errc::unavailable, "the server takes no request");
      }
      IMDSD_TRY(const bool whole, reader.feed(*received, received->empty()));
      if (whole) return reader.take();
    }
  }

  const Result<KernelAddress> address_;
  const std::string name_;  // in error messages
  const std::string host_;
  const std::optional<TlsServer> tls_;
};

}  // namespace

std::unique_ptr<base::HttpClient> make_client(const base::SocketAddress& server) {
  const std::string name = server.to_string();
  return std::make_unique<SocketClient>(to_kernel(server), name, name);
}

std::unique_ptr<base::HttpClient> make_unix_client(const std::string& socket_path) {
  return std::make_unique<SocketClient>(to_kernel(socket_path), socket_path, "localhost");
}

std::unique_ptr<base::HttpClient> make_tls_client(const base::SocketAddress& address,
                                                  TlsServer server) {
  const std::string name = address.to_string();
  return std::make_unique<SocketClient>(to_kernel(address), name, server.name, std::move(server));
}

}  // namespace imdsd::http
