// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "base/http_client.h"
#include "base/ip_address.h"

namespace imdsd::http {

/// A client of one server: an address, or a Unix socket path. One connection an exchange.
[[nodiscard]] std::unique_ptr<base::HttpClient> make_client(const base::SocketAddress& server);
[[nodiscard]] std::unique_ptr<base::HttpClient> make_unix_client(const std::string& socket_path);

}  // namespace imdsd::http
