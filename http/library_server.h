// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/clock.h"
#include "base/http_message.h"
#include "http/answer.h"

namespace imdsd::http {

/// cpp-httplib's server without its sockets: each exchange goes through the library's
/// process_request(), which parses a request line, runs the handler behind its exception barrier
/// and begins the answer. docs/decisions/0001-cpp-httplib-as-event-server.md. Thread-safe.
class LibraryServer {
 public:
  /// `clock` tells the Date of the answers and outlives this.
  explicit LibraryServer(const base::Clock& clock);
  ~LibraryServer();
  LibraryServer(const LibraryServer&) = delete;
  LibraryServer& operator=(const LibraryServer&) = delete;

  /// Runs `handler` and makes its answer. `terms` is read after the handler has returned. A handler
  /// that throws, against the rules, gives 500 and closes the connection.
  [[nodiscard]] Answer exchange(const AnswerTerms& terms,
                                const std::function<base::HttpResponse()>& handler);

 private:
  class Subclass;
  std::unique_ptr<Subclass> server_;
};

}  // namespace imdsd::http
