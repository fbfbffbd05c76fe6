// SPDX-License-Identifier: MIT
#include "http/answer.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "http/http_date.h"
#include "http/library_server.h"
#include "tests/fakes/manual_clock.h"

namespace imdsd::http {
namespace {

using base::HttpResponse;

class AnswerTest : public ::testing::Test {
 protected:
  Answer answer(const HttpResponse& response, const AnswerTerms& terms = {}) {
    return library_.exchange(terms, [&] { return response; });
  }
  fakes::ManualClock clock_;
  LibraryServer library_{clock_};
};

HttpResponse text(std::string body, int status = 200) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

using Framing = AnswerTest;

TEST_F(Framing, AddsLengthConnectionAndDateBehindTheHandlersLines) {
  HttpResponse response = text("hello");
  response.headers.add("Server", "EC2ws");
  response.headers.add("B", "2");
  response.headers.add("A", "1");
  response.headers.add("b", "3");
  const Answer out = answer(response);
  EXPECT_EQ(out.head,
            "HTTP/1.1 200 OK\r\nServer: EC2ws\r\nB: 2\r\nA: 1\r\nb: 3\r\nContent-Length: 5\r\n"
            "Connection: keep-alive\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n");
  EXPECT_EQ(out.body_size, 5u);
  EXPECT_FALSE(out.close);
}

TEST_F(Framing, KeepsTheHandlersDateAndReplacesItsLength) {
  HttpResponse response = text("hello");
  response.headers.add("date", "then");
  response.headers.add("content-length", "77");
  response.headers.add("Transfer-Encoding", "chunked");
  EXPECT_EQ(answer(response).head,
            "HTTP/1.1 200 OK\r\ndate: then\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n");
}

TEST_F(Framing, HeadHasTheLengthAndNoBody) {
  const Answer out = answer(text("hello"), {.head_only = true});
  EXPECT_NE(out.head.find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_EQ(out.body_size, 0u);
  EXPECT_EQ(out.head.find("Accept-Ranges"), std::string::npos);
}

TEST_F(Framing, HeadKeepsTheLengthThatTheHandlerTells) {
  HttpResponse response;
  response.headers.add("Content-Length", "1234");
  EXPECT_NE(answer(response, {.head_only = true}).head.find("Content-Length: 1234\r\n"),
            std::string::npos);
}

TEST_F(Framing, NoContentHasNoLength) {
  for (const int status : {204, 304}) {
    const Answer out = answer(text("x", status));
    EXPECT_EQ(out.head.find("Content-Length"), std::string::npos);
    EXPECT_EQ(out.body_size, 0u);
  }
}

TEST_F(Framing, ClosesWhenRequestHandlerOrOrdersSay) {
  EXPECT_TRUE(answer(text(""), {.keep_alive = false}).close);
  HttpResponse header = text("");
  header.headers.add("connection", "Close");
  EXPECT_TRUE(answer(header).close);
  HttpResponse order = text("");
  order.orders.close = true;
  const Answer out = answer(order);
  EXPECT_TRUE(out.close);
  EXPECT_NE(out.head.find("Connection: close\r\n"), std::string::npos);
}

TEST_F(Framing, ASourceTellsTheLength) {
  HttpResponse response;
  response.source.emplace().size = 7;
  const Answer out = answer(response);
  EXPECT_FALSE(out.close);
  EXPECT_EQ(out.body_size, 7u);
  EXPECT_NE(out.head.find("Content-Length: 7\r\n"), std::string::npos);
}

TEST_F(Framing, AHeaderValueCannotBecomeTwoHeaders) {
  HttpResponse response = text("");
  response.headers.add("X", "a\r\nSet-Cookie: b");
  response.headers.add("Bad\r\nName", "c");
  const Answer out = answer(response);
  EXPECT_NE(out.head.find("X: a  Set-Cookie: b\r\n"), std::string::npos) << out.head;
  EXPECT_EQ(out.head.find("Name"), std::string::npos);
}

TEST_F(Framing, NeverCompresses) {
  HttpResponse response = text(std::string(10'000, 'a'));
  response.headers.add("Content-Type", "text/plain");
  const Answer out = answer(response);
  EXPECT_EQ(out.head.find("Content-Encoding"), std::string::npos);
  EXPECT_EQ(out.response.body.size(), 10'000u);
}

TEST_F(Framing, AThrowingHandlerGives500AndCloses) {
  const Answer out =
      library_.exchange({}, []() -> HttpResponse { throw std::runtime_error("secret detail"); });
  EXPECT_TRUE(out.head.starts_with("HTTP/1.1 500 "));
  EXPECT_TRUE(out.close);
  EXPECT_EQ((out.head + out.response.body).find("secret"), std::string::npos);
}

class Statuses : public AnswerTest, public ::testing::WithParamInterface<int> {};

TEST_P(Statuses, GoOutAsGiven) {
  EXPECT_TRUE(answer(text("x", GetParam()))
                  .head.starts_with("HTTP/1.1 " + std::to_string(GetParam()) + " "));
}

INSTANTIATE_TEST_SUITE_P(Framing, Statuses,
                         ::testing::Values(200, 206, 301, 400, 401, 403, 404, 405, 408, 409, 411,
                                           412, 413, 414, 416, 417, 429, 431, 500, 501, 503));

TEST(HttpDate, FollowsTheClock) {
  fakes::ManualClock clock;
  EXPECT_EQ(http_date_now(clock), "Thu, 01 Jan 2026 00:00:00 GMT");
  clock.advance(std::chrono::seconds(61));
  EXPECT_EQ(http_date_now(clock), "Thu, 01 Jan 2026 00:01:01 GMT");
}

}  // namespace
}  // namespace imdsd::http
