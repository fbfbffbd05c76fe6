// SPDX-License-Identifier: MIT
// Connection, the way in: from bytes to the handler.
#include <algorithm>
#include <string>
#include <utility>

#include "base/log.h"
#include "http/connection.h"
#include "http/event_loop.h"

namespace imdsd::http {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
/// A body's announced length is believed so far when its memory is reserved.
constexpr std::uint64_t kMaxReserveBytes = 64 * 1024;

void fill_request(base::HttpRequest& request, const RequestHead& head) {
  request.method = head.method;
  request.target = head.target;
  for (const HeaderView& line : head.headers) {
    request.headers.add(std::string(line.name), std::string(line.value));
  }
}

}  // namespace

bool Connection::step_head() {
  const std::string_view bytes = input_.view();
  const Limits& limits = core().options.limits;
  // A head that was incomplete stays so without another line feed, unless it is too long by now.
  const bool may_be_whole =
      bytes.size() > scanned_ && (scanned_ == 0 || bytes.size() > limits.max_line_bytes ||
                                  bytes.find('\n', scanned_) != std::string_view::npos);
  if (may_be_whole) {
    const HeadScan scan = scan_head(
        bytes, {.max_line_bytes = limits.max_line_bytes, .max_head_bytes = limits.max_head_bytes});
    scanned_ = bytes.size();
    if (scan.state == HeadScan::State::complete) {
      begin_exchange(scan.head);
      return true;
    }
    if (scan.state == HeadScan::State::refused) {
      refuse(scan.status, scan.reason);
      return true;
    }
  }
  if (!bytes.empty() && deadline_.wait != Wait::head) arm(Wait::head);
  return receive();
}

void Connection::begin_exchange(const RequestHead& head) {
  LoopCounters::count(loop_.counters().requests);
  scanned_ = 0;
  exchange_ = std::make_unique<Exchange>(core().budget);
  base::HttpRequest& request = exchange_->request;
  fill_request(request, head);
  request.peer = peer_;
  request.local = local_;
  request.secure = channel_.secure();
  request.tls_version = channel_.tls_version();
  exchange_->terms = {.head_only = head.method == "HEAD",
                      .keep_alive = head.keep_alive && !core().draining.load()};
  input_.consume(head.size);

  BodyPlan plan = service_->plan ? service_->plan(request) : BodyPlan{};
  if (plan.refuse) {
    lingers_ = head.has_body();
    exchange_->terms.keep_alive = exchange_->terms.keep_alive && !head.has_body();
    respond(*std::move(plan.refuse));
    return;
  }
  exchange_->max_body_bytes = plan.max_bytes;
  if (head.content_length.value_or(0) > plan.max_bytes) {
    refuse(413, "the request's body is too large");
    return;
  }
  begin_body(head, plan.mode);
}

void Connection::begin_body(const RequestHead& head, BodyPlan::Mode mode) {
  exchange_->body =
      head.chunked ? BodyDecoder::chunked() : BodyDecoder::counted(head.content_length.value_or(0));
  // RFC 9110 section 10.1.1: no 100 when the body is already on its way.
  const bool expects = head.expect_continue && head.has_body() && input_.view().empty();
  if (mode == BodyPlan::Mode::stream) {
    std::string received;
    if (head.has_body()) {
      received = input_.view();
      input_.consume(received.size());
    }
    exchange_->reader = std::make_shared<BodyReader>(
        BodyReader::Options{&channel_, exchange_->max_body_bytes,
                            core().options.limits.body_timeout, expects},
        exchange_->body, std::move(received));
    exchange_->request.reader = exchange_->reader;
    if (head.has_body()) {
      submit_handler(core().streamers);
    } else {
      dispatch();
    }
    return;
  }
  if (!head.has_body()) {
    dispatch();
    return;
  }
  // The socket has room for it: the client waits, so nothing else is on its way.
  if (expects && channel_.send(kContinue).bytes != kContinue.size()) {
    close();
    return;
  }
  exchange_->request.body.reserve(std::min(head.content_length.value_or(0), kMaxReserveBytes));
  state_ = State::body;
  arm(Wait::body);
}

bool Connection::step_body() {
  while (!exchange_->body.done() && !input_.view().empty()) {
    const auto piece = exchange_->body.next(input_.view());
    if (!piece) {
      refuse(400, piece.error().message);
      return true;
    }
    if (!take_body(piece->data)) return true;
    input_.consume(piece->consumed);
  }
  if (!exchange_->body.done()) return receive();
  dispatch();
  return true;
}

bool Connection::take_body(std::string_view data) {
  std::string& body = exchange_->request.body;
  if (data.size() > exchange_->max_body_bytes - body.size()) {
    refuse(413, "the request's body is too large");
    return false;
  }
  if (!exchange_->reservation.grow(data.size())) {
    refuse(503, "too many request bodies");
    return false;
  }
  body.append(data);
  return true;
}

void Connection::dispatch() {
  switch (service_->execution_of ? service_->execution_of(exchange_->request)
                                 : service_->execution) {
    case Execution::worker_pool:
      submit_handler(core().workers);
      return;
    case Execution::waiting_pool:
      submit_handler(core().waiters);
      return;
    case Execution::event_thread:
      run_handler();
      on_handler_done();
  }
}

void Connection::submit_handler(WorkerPool& pool) {
  loop_.deadlines().clear(deadline_);
  state_ = State::running;
  input_.park();  // the event thread goes on with other connections
  const bool submitted = pool.submit([this, &pool] {
    run_handler();
    // Where work has piled up, the event thread sends several answers in a row, which is cheaper.
    if (!pool.has_queue()) send_from_worker();
    loop_.post([this] {
      on_handler_done();
      drive();
    });
  });
  if (!submitted) refuse(503, "too many requests");
}

/// On the event thread or on a worker.
void Connection::run_handler() {
  Exchange& exchange = *exchange_;
  const bool recorded = base::log_enabled(base::LogLevel::debug);
  const base::SteadyTime started = recorded ? core().clock.monotonic() : base::SteadyTime{};
  exchange.answer = core().library.exchange(exchange.terms, [this, &exchange] {
    base::HttpResponse response = service_->handle(exchange.request);
    if (exchange.reader) {
      exchange.unread_body = !exchange.reader->detach(exchange.behind_body);
      if (exchange.unread_body) exchange.terms.keep_alive = false;
    }
    return response;
  });
  if (recorded) record_access(core().clock.monotonic() - started);
}

/// The path alone: the query of a presigned URL holds a signature and a session token.
void Connection::record_access(std::chrono::microseconds duration) const {
  const base::HttpRequest& request = exchange_->request;
  base::log_debug("request", {{"service", service_->name},
                              {"method", request.method},
                              {"path", request.path()},
                              {"status", exchange_->answer.response.status},
                              {"us", duration.count()},
                              {"peer", peer_.address ? peer_.address->to_string() : "unix"}});
}

void Connection::on_handler_done() {
  if (broken_off_) {
    close();
    return;
  }
  exchange_->drop_body();
  if (exchange_->reader) {
    readable_ = true;  // the reader has taken bytes whose events came to us, or the other way round
    lingers_ = exchange_->unread_body;
    if (!exchange_->behind_body.empty()) input_.put_back(exchange_->behind_body);
  }
  deliver();
}

/// An answer of the server's own to a request that no handler sees. Ends the connection.
void Connection::refuse(int status, std::string_view reason) {
  if (status < 500) LoopCounters::count(loop_.counters().bad_requests);
  base::log_debug("request refused",
                  {{"service", service_->name},
                   {"status", status},
                   {"reason", reason},
                   {"peer", peer_.address ? peer_.address->to_string() : "unix"}});
  if (!exchange_) exchange_ = std::make_unique<Exchange>(core().budget);
  exchange_->terms.keep_alive = false;
  lingers_ = true;
  respond(server_answer(status, reason, service_->server_header));
}

}  // namespace imdsd::http
