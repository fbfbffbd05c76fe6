// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/http_client.h"
#include "base/ip_address.h"
#include "base/tls_client.h"

namespace imdsd::http {

/// A client of one server: an address, or a Unix socket path. One connection an exchange.
[[nodiscard]] std::unique_ptr<base::HttpClient> make_client(const base::SocketAddress& server);
[[nodiscard]] std::unique_ptr<base::HttpClient> make_unix_client(const std::string& socket_path);

/// Who a server must prove to be; see base::TlsClient.
struct TlsServer {
  base::TlsTrust trust;
  std::string name;  // DNS name or IP address of its certificate
  std::vector<std::string> thumbprints;
};
/// The same over TLS. Errc::access_denied when the server's certificate is not believed.
[[nodiscard]] std::unique_ptr<base::HttpClient> make_tls_client(const base::SocketAddress& address,
                                                                TlsServer server);

}  // namespace imdsd::http
