// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/http_message.h"

namespace imdsd::http {

/// What the request says about the form of its answer.
struct AnswerTerms {
  bool head_only = false;  // HEAD: the header of the answer to GET, no body
  bool keep_alive = true;
};

/// An answer on its way out.
struct Answer {
  std::string head;  // status line, header lines, empty line
  base::HttpResponse response;
  std::size_t body_size = 0;  // bytes of the body that go out, of response.body or of its source
  bool close = false;         // the connection ends behind it
  std::size_t sent = 0;       // bytes of head and body that are out

  [[nodiscard]] std::size_t size() const noexcept { return head.size() + body_size; }
};

/// Decides `body_size` and `close`, and appends the response's header lines to `head`, which has
/// the status line: in the handler's order, with Content-Length, Connection and Date, and the empty
/// line.
void frame_answer(Answer& answer, const AnswerTerms& terms, const base::Clock& clock);

/// An answer that the server makes itself; `reason` becomes a line of text.
[[nodiscard]] base::HttpResponse server_answer(int status, std::string_view reason,
                                               const std::string& server_header);

}  // namespace imdsd::http
