// SPDX-License-Identifier: MIT
#include "http/library_server.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include <httplib.h>

namespace imdsd::http {
namespace {

/// The "11" of "0.11.4". In the versions in question the macro is a string, which #if cannot
/// compare.
constexpr int minor_version(std::string_view version) {
  if (!version.starts_with("0.")) return -1;
  int minor = 0;
  for (const char c : version.substr(2)) {
    if (c == '.') break;
    minor = minor * 10 + (c - '0');
  }
  return minor;
}

constexpr int kLibraryMinor = minor_version(CPPHTTPLIB_VERSION);
static_assert(kLibraryMinor >= 11 && kLibraryMinor <= 18,
              "imdsd builds with cpp-httplib 0.11 (Debian 12) to 0.18 (Debian 13): it leans on a "
              "protected member whose signature changes; check http/library_server.cc against this "
              "version, run the tests of http/, and extend the range");

/// What the library reads, and where it writes. The bytes are a bare request line: whatever a
/// client sends is parsed by head_scanner, once, and the library never sees a header that it would
/// act on itself (Range, Accept-Encoding, Expect, Connection), nor a target that it would decode.
class ReplayStream final : public httplib::Stream {
 public:
  ReplayStream(std::string_view input, std::string& output) : input_(input), output_(output) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* ptr, std::size_t size) override {
    const std::size_t count = std::min(size, input_.size());
    std::memcpy(ptr, input_.data(), count);
    input_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* ptr, std::size_t size) override {
    output_.append(ptr, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  // No descriptor: the library refuses those beyond FD_SETSIZE, and polls none here.
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  std::string_view input_;
  std::string& output_;
};

struct Call {
  const AnswerTerms& terms;
  const std::function<base::HttpResponse()>& handler;
  Answer answer;
  bool handled = false;
};

// The library hands its handlers no user pointer, and an exchange stays on its thread.
thread_local Call* current_call = nullptr;

}  // namespace

class LibraryServer::Subclass final : public httplib::Server {
 public:
  explicit Subclass(const base::Clock& clock) : clock_(clock) {
    set_pre_routing_handler([](const httplib::Request&, httplib::Response& response) {
      current_call->answer.response = current_call->handler();
      current_call->handled = true;
      response.status = current_call->answer.response.status;
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
      finish_status(*current_call, response);
    });
  }

  void run(Call& call) {
    const std::string_view replay =
        call.terms.head_only ? "HEAD / HTTP/1.1\r\n\r\n" : "GET / HTTP/1.1\r\n\r\n";
    call.answer.head.reserve(512);
    ReplayStream stream(replay, call.answer.head);
    current_call = &call;
    replay_request(*this, stream);
    current_call = nullptr;
    std::string& head = call.answer.head;
    head.resize(head.find("\r\n") + 2);
    frame_answer(call.answer, call.terms, clock_);
  }

 private:
  /// `self` is a template parameter so that the call for the other version is not looked up.
  template <class Self>
  static void replay_request(Self& self, httplib::Stream& stream) {
    bool closed = false;
    // `true`, close: else the library makes a Keep-Alive header, only for us to drop it.
    if constexpr (kLibraryMinor < 18) {
      self.process_request(stream, true, closed, nullptr);
    } else {
      self.process_request(stream, std::string(), 0, std::string(), 0, true, closed, nullptr);
    }
  }

  /// The library is about to write the head of an answer without a body. It keeps header lines in a
  /// map: their order would be lost, and filling the map costs more than all of head_scanner. So it
  /// writes the status line, and frame_answer() the rest.
  static void finish_status(Call& call, httplib::Response& response) {
    if (!call.handled) call.answer.response = server_answer(500, "internal error", {});
    response.status = call.answer.response.status;
    response.headers.clear();
  }

  const base::Clock& clock_;
};

LibraryServer::LibraryServer(const base::Clock& clock)
    : server_(std::make_unique<Subclass>(clock)) {}

LibraryServer::~LibraryServer() = default;

Answer LibraryServer::exchange(const AnswerTerms& terms,
                               const std::function<base::HttpResponse()>& handler) {
  Call call{terms, handler, {}, false};
  server_->run(call);
  return std::move(call.answer);
}

}  // namespace imdsd::http
