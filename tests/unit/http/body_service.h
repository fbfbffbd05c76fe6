// SPDX-License-Identifier: MIT
// Services with streamed bodies, and requests for them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "tests/unit/http/running_server.h"

namespace imdsd::http::testing {

/// A body that is there, read piece by piece.
inline base::HttpBodySource source_of(std::string body) {
  const std::size_t size = body.size();
  return {size, [body = std::move(body)](std::size_t offset, std::span<char> out) {
            EXPECT_LE(offset + out.size(), body.size());
            std::copy_n(body.begin() + static_cast<std::ptrdiff_t>(offset), out.size(),
                        out.begin());
            return base::Result<void>();
          }};
}

/// Bytes that tell their place, so that none can be sent twice, left out or mixed up.
inline std::string numbered(std::size_t size) {
  std::string body(size, '\0');
  for (std::size_t i = 0; i < size; ++i) body[i] = static_cast<char>((i * 2654435761U) >> 13);
  return body;
}

/// Answers with the number of body bytes that it read, or the error's code.
inline base::HttpResponse count_body(base::HttpRequest& request) {
  std::array<char, 1'000> buffer{};
  std::size_t total = 0;
  base::HttpResponse response;
  while (true) {
    const auto size = request.reader->read(buffer);
    if (!size) {
      response.body = size.error().code == base::Errc::too_large ? "too large" : "gone";
      return response;
    }
    if (*size == 0) break;
    total += *size;
  }
  response.body = std::to_string(total);
  return response;
}

inline std::shared_ptr<Service> streaming(Handler handler, std::size_t max_bytes = 1u << 30) {
  auto service = service_of(std::move(handler), Execution::worker_pool);
  service->plan = [max_bytes](const base::HttpRequest&) {
    BodyPlan plan;
    plan.mode = BodyPlan::Mode::stream;
    plan.max_bytes = max_bytes;
    return plan;
  };
  return service;
}

inline const std::string kChunkedHead =
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

inline std::string counted_head(std::size_t size, const std::string& more = "") {
  return "PUT / HTTP/1.1\r\nHost: a\r\n" + more + "Content-Length: " + std::to_string(size) +
         "\r\n\r\n";
}

}  // namespace imdsd::http::testing
