// SPDX-License-Identifier: MIT
#include "http/answer.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/codec.h"
#include "http/head_scanner.h"
#include "http/http_date.h"

namespace imdsd::http {
namespace {

/// RFC 9110 sections 6.4.1 and 8.6: these never have a body, nor a Content-Length.
bool is_bodiless(int status) noexcept {
  return status < 200 || status == 204 || status == 304;
}

/// The header lines that the server decides about.
enum class Own { no, content_length, connection, date, transfer_encoding };

Own own_line(std::string_view name) noexcept {
  const auto is = [name](std::string_view other) {
    return base::equals_ignoring_case(name, other);
  };
  switch (name.size()) {
    case 4:
      return is("Date") ? Own::date : Own::no;
    case 10:
      return is("Connection") ? Own::connection : Own::no;
    case 14:
      return is("Content-Length") ? Own::content_length : Own::no;
    case 17:
      return is("Transfer-Encoding") ? Own::transfer_encoding : Own::no;
    default:
      return Own::no;
  }
}

/// Writes header lines. A value with a line break would be two headers (response splitting).
class HeaderWriter {
 public:
  explicit HeaderWriter(std::string& out) : out_(out) {}
  void line(std::string_view name, std::string_view value) {
    if (!is_token(name)) return;
    out_.append(name).append(": ");
    const std::size_t start = out_.size();
    out_.append(value);
    if (!is_field_value(value)) {
      std::replace_if(
          out_.begin() + static_cast<std::ptrdiff_t>(start), out_.end(),
          [](char c) {
            return !is_field_value({&c, 1});
          },
          ' ');
    }
    out_.append("\r\n");
  }

 private:
  std::string& out_;
};

/// What the handler's own lines say about the framing.
struct Told {
  bool close = false;
  bool date = false;
  std::optional<std::string_view> content_length;
};

Told write_lines(const base::HttpHeaders& headers, HeaderWriter& writer) {
  Told told;
  for (const base::HttpHeader& line : headers.lines()) {
    switch (own_line(line.name)) {
      case Own::content_length:
        told.content_length = line.value;
        continue;
      case Own::connection:
        told.close = told.close || base::equals_ignoring_case(line.value, "close");
        continue;
      case Own::transfer_encoding:
        continue;
      case Own::date:
        told.date = true;
        break;
      case Own::no:
        break;
    }
    writer.line(line.name, line.value);
  }
  return told;
}

bool wants_close(const base::HttpResponse& response, const AnswerTerms& terms) {
  const base::HttpOrders& orders = response.orders;
  return !terms.keep_alive || orders.close || orders.reset || orders.truncate_after;
}

}  // namespace

void frame_answer(Answer& answer, const AnswerTerms& terms, const base::Clock& clock) {
  base::HttpResponse& response = answer.response;
  HeaderWriter writer(answer.head);
  const Told told = write_lines(response.headers, writer);
  const std::size_t length = response.source ? response.source->size : response.body.size();
  const bool bodiless = terms.head_only || is_bodiless(response.status);
  answer.close = wants_close(response, terms) || told.close;
  if (bodiless && told.content_length) {
    // A HEAD handler that does not make the body may tell its length itself.
    writer.line("Content-Length", *told.content_length);
  } else if (!is_bodiless(response.status)) {
    writer.line("Content-Length", std::to_string(length));
  }
  writer.line("Connection", answer.close ? "close" : "keep-alive");
  if (!told.date) writer.line("Date", http_date_now(clock));
  answer.head.append("\r\n");

  answer.body_size = bodiless ? 0 : length;
  if (bodiless) response.source.reset();
  if (response.orders.truncate_after) {
    answer.body_size = std::min(answer.body_size, *response.orders.truncate_after);
  }
}

base::HttpResponse server_answer(int status, std::string_view reason,
                                 const std::string& server_header) {
  base::HttpResponse response;
  response.status = status;
  if (!server_header.empty()) response.headers.add("Server", server_header);
  response.headers.add("Content-Type", "text/plain");
  response.body = std::string(reason) + "\n";
  response.orders.close = true;
  return response;
}

}  // namespace imdsd::http
