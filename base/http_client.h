// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "base/http_message.h"
#include "base/result.h"

namespace imdsd::base {

/// One HTTP exchange; redirects are not followed. Thread-safe. Errc::unavailable when the peer
/// cannot be reached or does not answer in time, ::too_large for a longer answer than was wanted.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  struct Request {
    std::string method = "GET";
    std::string target = "/";
    HttpHeaders headers;
    std::string body;
    std::chrono::milliseconds timeout{5000};     // of the whole exchange
    std::size_t max_response_bytes = 64u << 20;  // of the answer's body
  };
  [[nodiscard]] virtual Result<HttpResponse> send(const Request& request) = 0;
};

}  // namespace imdsd::base
