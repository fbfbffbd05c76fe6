// SPDX-License-Identifier: MIT
#include "http/client.h"

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "http/response_reader.h"
#include "tests/unit/http/running_server.h"

namespace imdsd::http {
namespace {

using base::Errc;
using base::HttpClient;
using testing::echo;
using testing::milliseconds;
using testing::RunningServer;

HttpClient::Request request(std::string method, std::string target, std::string body = "") {
  HttpClient::Request out;
  out.method = std::move(method);
  out.target = std::move(target);
  out.body = std::move(body);
  return out;
}

TEST(Client, ExchangesOverTcp) {
  RunningServer server(echo);
  const auto client = make_client(server.address());
  const auto get = client->send(request("GET", "/a%2Fb?c"));
  ASSERT_TRUE(get) << get.error().message;
  EXPECT_EQ(get->status, 200);
  EXPECT_EQ(get->body, "GET /a%2Fb?c []");
  EXPECT_EQ(get->headers.get("content-TYPE"), "text/plain");
  EXPECT_EQ(client->send(request("POST", "/", "data"))->body, "POST / [data]");
  EXPECT_EQ(client->send(request("PUT", "/"))->body, "PUT / []");
  const auto head = client->send(request("HEAD", "/"));
  ASSERT_TRUE(head) << head.error().message;
  EXPECT_EQ(head->body, "");
}

TEST(Client, SendsItsHeadersAndAHost) {
  std::string seen;
  RunningServer server([&](base::HttpRequest& received) {
    for (const auto& line : received.headers.lines()) seen += line.name + "=" + line.value + ";";
    return echo(received);
  });
  auto with_header = request("GET", "/");
  with_header.headers.add("X-A", "1");
  ASSERT_TRUE(make_client(server.address())->send(with_header));
  EXPECT_EQ(seen, "Host=" + server.address().to_string() + ";X-A=1;Connection=close;");
}

TEST(Client, ExchangesOverAUnixSocket) {
  std::string pattern = ::testing::TempDir() + "/client-XXXXXX";
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  RunningServer server(testing::quick_options());
  Listener listener;
  listener.unix_path = UnixSocketPath{folder / "s", 0600, std::nullopt};
  listener.service = testing::service_of(echo);
  ASSERT_TRUE(server.server().bind(listener));
  server.start();
  const auto response = make_unix_client(folder / "s")->send(request("GET", "/x"));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "GET /x []");
  server.stop_and_join();
  const auto gone = make_unix_client(folder / "s")->send(request("GET", "/x"));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Errc::unavailable);
  EXPECT_NE(gone.error().message.find((folder / "s").string()), std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST(Client, AServerThatDoesNotAnswerIsUnavailable) {
  RunningServer server([](base::HttpRequest&) {
    base::HttpResponse response;
    response.orders.hang = true;
    return response;
  });
  auto patient = request("GET", "/");
  patient.timeout = milliseconds{50};
  const auto response = make_client(server.address())->send(patient);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Errc::unavailable);
}

TEST(Client, AClosedPortIsUnavailable) {
  base::SocketAddress address;
  {
    RunningServer server(echo);
    address = server.address();
  }
  EXPECT_EQ(make_client(address)->send(request("GET", "/")).error().code, Errc::unavailable);
}

TEST(Client, ARequestThatWouldBeTwoIsRefused) {
  RunningServer server(echo);
  const auto client = make_client(server.address());
  EXPECT_EQ(client->send(request("GET", "/ HTTP/1.1\r\nA: b")).error().code,
            Errc::invalid_argument);
  EXPECT_EQ(client->send(request("GET /", "/")).error().code, Errc::invalid_argument);
  auto split = request("GET", "/");
  split.headers.add("A", "b\r\nC: d");
  EXPECT_EQ(client->send(split).error().code, Errc::invalid_argument);
}

TEST(Client, TruncatedAnswersAreErrors) {
  RunningServer server([](base::HttpRequest& received) {
    base::HttpResponse response = echo(received);
    response.orders.truncate_after = 1;
    return response;
  });
  EXPECT_EQ(make_client(server.address())->send(request("GET", "/")).error().code,
            Errc::unavailable);
}

struct Case {
  std::string name;
  std::string bytes;
  int status;  // 0: an error
  std::string body;
  bool head = false;
};

class ResponseRules : public ::testing::TestWithParam<Case> {};

/// What a reader makes of `bytes` and the end of the connection, fed in pieces of `step`.
base::Result<base::HttpResponse> read_all(const Case& c, std::size_t step) {
  ResponseReader reader(c.head, 1u << 20);
  for (std::size_t pos = 0; pos < c.bytes.size(); pos += step) {
    IMDSD_TRY(const bool whole, reader.feed(std::string_view(c.bytes).substr(pos, step), false));
    if (whole) return reader.take();
  }
  IMDSD_TRY(const bool whole, reader.feed({}, true));
  if (!whole) return base::fail(Errc::internal, "neither whole nor an error at the end");
  return reader.take();
}

TEST_P(ResponseRules, HoldHoweverTheBytesArrive) {
  for (std::size_t step = 1; step <= GetParam().bytes.size(); ++step) {
    const auto response = read_all(GetParam(), step);
    if (GetParam().status == 0) {
      ASSERT_FALSE(response) << step;
      EXPECT_NE(response.error().code, Errc::internal);
    } else {
      ASSERT_TRUE(response) << response.error().message;
      EXPECT_EQ(response->status, GetParam().status);
      EXPECT_EQ(response->body, GetParam().body);
    }
  }
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";

INSTANTIATE_TEST_SUITE_P(
    Client, ResponseRules,
    ::testing::Values(
        Case{"counted", kOk + "Content-Length: 2\r\n\r\nab", 200, "ab"},
        Case{"empty", kOk + "Content-Length: 0\r\n\r\n", 200, ""},
        Case{"chunked", kOk + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", 200, "ab"},
        Case{"until_close", kOk + "\r\nabc", 200, "abc"},
        Case{"no_reason", "HTTP/1.0 404\r\nContent-Length: 0\r\n\r\n", 404, ""},
        Case{"no_content", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
        Case{"to_head", kOk + "Content-Length: 5\r\n\r\n", 200, "", true},
        Case{"interim", "HTTP/1.1 100 Continue\r\n\r\n" + kOk + "Content-Length: 1\r\n\r\na", 200,
             "a"},
        Case{"too_short", kOk + "Content-Length: 3\r\n\r\nab", 0, ""},
        Case{"head_only", kOk + "Content-Length: 3\r\n", 0, ""},
        Case{"chunk_cut", kOk + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n", 0, ""},
        Case{"not_http", "SSH-2.0-OpenSSH\r\n\r\n", 0, ""},
        Case{"bad_status", "HTTP/1.1 2x0 OK\r\n\r\n", 0, ""},
        Case{"bad_length", kOk + "Content-Length: x\r\n\r\n", 0, ""},
        Case{"bad_header", kOk + "no colon\r\n\r\n", 0, ""},
        Case{"unknown_coding", kOk + "Transfer-Encoding: gzip\r\n\r\n", 0, ""},
        Case{"huge_length", kOk + "Content-Length: 99999999999\r\n\r\n", 0, ""}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace imdsd::http
