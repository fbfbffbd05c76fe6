// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/http_message.h"
#include "http/channel.h"
#include "http/deadlines.h"
#include "http/exchange.h"
#include "http/head_scanner.h"
#include "http/input_buffer.h"
#include "http/listen_socket.h"

namespace imdsd::http {

class EventLoop;
class WorkerPool;
struct ServerCore;

/// One connection: a state machine that its event loop drives as far as it goes without blocking.
/// All members are for the loop's thread; a job on a worker touches only the exchange and the
/// channel, and reads what does not change while it runs.
class Connection {
 public:
  Connection(EventLoop& loop, Accepted accepted);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] int fd() const noexcept { return channel_.fd(); }
  /// The adopted listener that it came in by; null for the others.
  [[nodiscard]] const ListenSocket* adopted_by() const noexcept { return adopted_.get(); }
  void start();
  void on_events(std::uint32_t events);
  void on_deadline();
  void on_delay_over();
  void drive();
  /// The server stops: ends here if nothing is in progress.
  void begin_drain();
  /// The server has waited long enough, or the listener was dropped.
  void break_off();

 private:
  enum class State {
    handshake,  // of TLS
    head,       // between requests, or in the middle of a head
    body,       // collecting a buffered body
    running,    // the handler runs on a worker
    delayed,    // the answer is ready and waits
    sending,    // the answer goes out
    reading,    // a worker reads the answer's body and sends it, as far as the peer takes it
    blocked,    // the peer takes no more of it for now
    hanging,    // ordered never to answer
    lingering,  // answered and half closed; what still comes in is thrown away
    closed
  };

  // connection_handshake.cc: from the first byte to a request under TLS.
  [[nodiscard]] bool step_handshake();
  [[nodiscard]] bool begin_tls();
  void handshake_failed();

  // connection_request.cc: from bytes to the handler.
  [[nodiscard]] bool step_head();
  [[nodiscard]] bool step_body();
  void begin_exchange(const RequestHead& head);
  void begin_body(const RequestHead& head, BodyPlan::Mode mode);
  [[nodiscard]] bool take_body(std::string_view data);
  void dispatch();
  void submit_handler(WorkerPool& pool);
  void run_handler();
  void record_access(std::chrono::microseconds duration) const;
  void on_handler_done();
  void refuse(int status, std::string_view reason);

  // connection_answer.cc: from the answer to bytes.
  void respond(base::HttpResponse response);
  void deliver();
  void start_answer();
  void send_from_source();
  void on_turn_over(SendTurn turn);
  void wait_for_acknowledgement();
  [[nodiscard]] bool hop_limit_may_change(int wanted) const;
  [[nodiscard]] bool set_hop_limit(int wanted);
  void send_from_worker();
  [[nodiscard]] bool step_send();
  [[nodiscard]] Transfer send_rest();
  void finish_answer();

  // connection.cc: the life of the socket.
  [[nodiscard]] bool step();
  [[nodiscard]] bool receive();
  [[nodiscard]] bool step_linger();
  void linger();
  void arm(Wait wait);
  void watch_writable();
  void reset();
  void close();
  [[nodiscard]] ServerCore& core() const;

  EventLoop& loop_;
  Channel channel_;
  std::shared_ptr<const base::TlsContext> tls_;  // until the handshake is over
  const ConnectionSlots::Slot slot_;
  const std::shared_ptr<const Service> service_;
  const std::shared_ptr<const ListenSocket> adopted_;
  const base::HttpPeer peer_;
  const std::optional<base::SocketAddress> local_;
  State state_ = State::head;
  DeadlineEntry deadline_;
  InputBuffer input_;
  std::size_t scanned_ = 0;  // bytes of input_ known to be the start of a head
  std::unique_ptr<Exchange> exchange_;
  std::optional<base::SteadyTime> give_up_at_;  // waiting for an acknowledgement
  int hop_limit_ = -1;                          // of the socket; -1 is the system's default
  bool readable_ = false;     // may have bytes: the epoll set tells only of changes
  bool half_closed_ = false;  // the peer sends no more
  bool gone_ = false;         // nor takes any
  bool writable_ = false;     // may take bytes since a worker began to send
  bool watches_writable_ = false;
  bool lingers_ = false;  // the client may still be sending when the answer is out
  bool broken_off_ = false;
};

}  // namespace imdsd::http
