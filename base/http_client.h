// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

#include "base/http_message.h"
#include "base/result.h"

namespace imdsd::base {

/// One HTTP exchange. Thread-safe. Errc::unavailable when the peer cannot be reached or does not
/// answer in time.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  struct Request {
    std::string method = "GET";
    std::string target = "/";
    HttpHeaders headers;
    std::string body;
    std::chrono::milliseconds timeout{5000};
  };
  [[nodiscard]] virtual Result<HttpResponse> send(const Request& request) = 0;
};

}  // namespace imdsd::base
