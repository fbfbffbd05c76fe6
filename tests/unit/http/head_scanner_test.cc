// SPDX-License-Identifier: MIT
#include "http/head_scanner.h"

#include <ostream>
#include <string>

#include <gtest/gtest.h>

namespace imdsd::http {
namespace {

using State = HeadScan::State;
using namespace std::string_literals;

const std::string kFull =
    "PUT /latest/api/token?a=%2Fb HTTP/1.1\r\nHost: 169.254.169.254\r\n"
    "X-aws-ec2-metadata-token-ttl-seconds:  21600 \t\r\nContent-Length: 3\r\nEmpty:\r\n\r\n";

std::string request(const std::string& line, const std::string& headers = "Host: a\r\n") {
  return line + "\r\n" + headers + "\r\n";
}

TEST(HeadScanner, ReadsMethodTargetAndHeaders) {
  const std::string bytes = kFull + "abc";
  const HeadScan scan = scan_head(bytes, {});
  ASSERT_EQ(scan.state, State::complete) << scan.reason;
  EXPECT_EQ(scan.head.method, "PUT");
  EXPECT_EQ(scan.head.target, "/latest/api/token?a=%2Fb");
  EXPECT_EQ(scan.head.minor_version, 1);
  EXPECT_EQ(scan.head.size, kFull.size());
  EXPECT_EQ(scan.head.content_length, 3u);
  EXPECT_FALSE(scan.head.chunked);
  EXPECT_TRUE(scan.head.keep_alive);
  ASSERT_EQ(scan.head.headers.size(), 4u);
  EXPECT_EQ(scan.head.headers[1].name, "X-aws-ec2-metadata-token-ttl-seconds");
  EXPECT_EQ(scan.head.headers[1].value, "21600");
  EXPECT_EQ(scan.head.headers[3].value, "");
}

TEST(HeadScanner, EveryPrefixIsIncomplete) {
  for (std::size_t size = 0; size < kFull.size(); ++size) {
    EXPECT_EQ(scan_head(std::string_view(kFull).substr(0, size), {}).state, State::incomplete)
        << size;
  }
}

TEST(HeadScanner, EveryPrefixOfABadHeadIsIncompleteOrRefused) {
  const std::string bad = request("GET / HTTP/1.1", "Host: a\r\nHost: b\r\n");
  for (std::size_t size = 0; size <= bad.size(); ++size) {
    EXPECT_NE(scan_head(std::string_view(bad).substr(0, size), {}).state, State::complete) << size;
  }
}

TEST(HeadScanner, NeverAcceptsWithOneByteChangedToAControl) {
  for (std::size_t i = 0; i < kFull.size(); ++i) {
    for (const char c : {'\0', '\x01', '\r', '\n', '\x7f'}) {
      std::string changed = kFull;
      if (changed[i] == c) continue;
      changed[i] = c;
      EXPECT_NE(scan_head(changed, {}).state, State::complete) << i << " " << int{c};
    }
  }
}

struct Case {
  std::string name;
  std::string bytes;
  int status;  // 0: accepted
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class HeadRules : public ::testing::TestWithParam<Case> {};

TEST_P(HeadRules, Holds) {
  const HeadScan scan = scan_head(GetParam().bytes, {});
  if (GetParam().status == 0) {
    EXPECT_EQ(scan.state, State::complete) << scan.status << " " << scan.reason;
  } else {
    ASSERT_EQ(scan.state, State::refused);
    EXPECT_EQ(scan.status, GetParam().status) << scan.reason;
    EXPECT_FALSE(scan.reason.empty());
  }
}

std::string header(const std::string& line) {
  return request("GET / HTTP/1.1", "Host: a\r\n" + line + "\r\n");
}

INSTANTIATE_TEST_SUITE_P(
    RequestLine, HeadRules,
    ::testing::Values(
        Case{"plain", request("GET / HTTP/1.1"), 0}, Case{"http_1_0", request("GET / HTTP/1.0"), 0},
        Case{"any_token_method", request("M-SEARCH / HTTP/1.1"), 0},
        Case{"options_asterisk", request("OPTIONS * HTTP/1.1"), 0},
        Case{"absolute_target", request("GET http://a/b HTTP/1.1"), 0},
        Case{"raw_utf8_target", request("GET /\xc3\xa4 HTTP/1.1"), 0},
        Case{"doubled_slashes", request("GET //a//b/ HTTP/1.1"), 0},
        Case{"one_empty_line_before", "\r\n" + request("GET / HTTP/1.1"), 0},
        Case{"two_empty_lines_before", "\r\n\r\n" + request("GET / HTTP/1.1"), 400},
        Case{"no_version", request("GET /"), 400}, Case{"no_target", request("GET  HTTP/1.1"), 400},
        Case{"one_word", request("GET"), 400}, Case{"two_spaces", request("GET  / HTTP/1.1"), 400},
        Case{"space_in_target", request("GET /a b HTTP/1.1"), 400},
        Case{"trailing_space", request("GET / HTTP/1.1 "), 400},
        Case{"leading_space", request(" GET / HTTP/1.1"), 400},
        Case{"tab", request("GET\t/ HTTP/1.1"), 400},
        Case{"tab_in_target", request("GET /\ta HTTP/1.1"), 400},
        Case{"bad_method", request("GE(T / HTTP/1.1"), 400},
        Case{"long_method", request(std::string(33, 'A') + " / HTTP/1.1"), 400},
        Case{"http_2", request("GET / HTTP/2.0"), 400},
        Case{"http_1_2", request("GET / HTTP/1.2"), 400},
        Case{"lower_case_version", request("GET / http/1.1"), 400},
        Case{"version_with_more", request("GET / HTTP/1.10"), 400},
        Case{"nul_in_target", request("GET /\0 HTTP/1.1"s), 400},
        Case{"bare_lf", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
        Case{"bare_lf_everywhere", "GET / HTTP/1.1\nHost: a\n\n", 400},
        Case{"bare_cr", request("GET /\r HTTP/1.1"), 400},
        Case{"tls_hello", "\x16\x03\x01\x02\x01\x01"s, 400}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Headers, HeadRules,
    ::testing::Values(
        Case{"no_host", request("GET / HTTP/1.1", ""), 400},
        Case{"no_host_http_1_0", request("GET / HTTP/1.0", ""), 400},
        Case{"two_hosts", header("Host: a"), 400},
        Case{"two_hosts_other_case", header("hOST: b"), 400},
        Case{"host_with_space", request("GET / HTTP/1.1", "Host: a b\r\n"), 400},
        Case{"host_with_slash", request("GET / HTTP/1.1", "Host: a/b\r\n"), 400},
        Case{"host_ipv6", request("GET / HTTP/1.1", "Host: [fd00:ec2::254]:80\r\n"), 0},
        Case{"two_lengths", header("Content-Length: 1\r\nContent-Length: 1"), 400},
        Case{"list_of_lengths", header("Content-Length: 1, 1"), 400},
        Case{"signed_length", header("Content-Length: +1"), 400},
        Case{"negative_length", header("Content-Length: -1"), 400},
        Case{"hex_length", header("Content-Length: 0x1"), 400},
        Case{"empty_length", header("Content-Length:"), 400},
        Case{"huge_length", header("Content-Length: 1000000000000000000"), 400},
        Case{"overflowing_length", header("Content-Length: 99999999999999999999999"), 400},
        Case{"length_and_coding", header("Content-Length: 1\r\nTransfer-Encoding: chunked"), 400},
        Case{"coding_and_length", header("Transfer-Encoding: chunked\r\nContent-Length: 1"), 400},
        Case{"chunked", header("Transfer-Encoding: Chunked"), 0},
        Case{"chunked_twice", header("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
             400},
        Case{"gzip_coding", header("Transfer-Encoding: gzip, chunked"), 400},
        Case{"identity_coding", header("Transfer-Encoding: identity"), 400},
        Case{"obscured_coding", header("Transfer-Encoding: \x0b"s + "chunked"), 400},
        Case{"chunked_http_1_0",
             request("GET / HTTP/1.0", "Host: a\r\nTransfer-Encoding: chunked\r\n"), 400},
        Case{"space_before_colon", header("Content-Length : 1"), 400},
        Case{"folded", header("A: b\r\n c"), 400},
        Case{"folded_with_tab", header("A: b\r\n\tc"), 400},
        Case{"folded_first", request("GET / HTTP/1.1", " Host: a\r\n"), 400},
        Case{"no_colon", header("A"), 400}, Case{"empty_name", header(": b"), 400},
        Case{"bad_name", header("A B: c"), 400}, Case{"nul_in_value", header("A: b\0c"s), 400},
        Case{"cr_in_value", header("A: b\rc"), 400}, Case{"lf_in_value", header("A: b\nc"), 400},
        Case{"delete_in_value", header("A: b\x7f"), 400},
        Case{"tab_in_value", header("A: b\tc"), 0}, Case{"utf8_in_value", header("A: \xc3\xa4"), 0},
        Case{"expect_continue", header("Expect: 100-Continue"), 0},
        Case{"expect_else", header("Expect: 200-ok"), 417}),
    [](const auto& test) { return test.param.name; });

std::string of_size(std::size_t size) {
  return std::string(size, 'x');
}

std::string head_of_size(std::size_t size) {
  std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (const std::size_t part : {std::size_t{8000}, std::size_t{300}, size - bytes.size() - 8302}) {
    bytes += "A: " + of_size(part - 5) + "\r\n";
  }
  return bytes + "\r\n";
}

std::string headers_of_count(std::size_t count) {
  std::string headers = "Host: a\r\n";
  for (std::size_t i = 1; i < count; ++i) headers += "A: b\r\n";
  return request("GET / HTTP/1.1", headers);
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, HeadRules,
    ::testing::Values(Case{"target_8192", request("GET /" + of_size(8191) + " HTTP/1.1"), 0},
                      Case{"target_8193", request("GET /" + of_size(8192) + " HTTP/1.1"), 414},
                      Case{"target_without_end", "GET /" + of_size(9000), 414},
                      Case{"header_8192", header("A: " + of_size(8189)), 0},
                      Case{"header_8193", header("A: " + of_size(8190)), 431},
                      Case{"header_without_end", "GET / HTTP/1.1\r\nA: " + of_size(8200), 431},
                      Case{"head_16384", head_of_size(16384), 0},
                      Case{"head_16385", head_of_size(16385), 431},
                      Case{"head_without_end",
                           head_of_size(16383).substr(0, 16381) + "B: " + of_size(8000), 431},
                      Case{"headers_256", headers_of_count(256), 0},
                      Case{"headers_257", headers_of_count(257), 431}),
    [](const auto& test) { return test.param.name; });

TEST(HeadScanner, HeadSizesOfTheTableAreExact) {
  EXPECT_EQ(head_of_size(16384).size(), 16384u);
  EXPECT_EQ(header("A: " + of_size(8189)).find("\r\n\r\n"), 16u + 9 + 8192);
}

struct KeepAliveCase {
  std::string name;
  std::string version, headers;
  bool keep_alive;
};

class KeepAlive : public ::testing::TestWithParam<KeepAliveCase> {};

TEST_P(KeepAlive, FollowsVersionAndConnectionHeader) {
  const HeadScan scan = scan_head(
      request("GET / HTTP/1." + GetParam().version, "Host: a\r\n" + GetParam().headers), {});
  ASSERT_EQ(scan.state, State::complete);
  EXPECT_EQ(scan.head.keep_alive, GetParam().keep_alive);
}

INSTANTIATE_TEST_SUITE_P(
    HeadScanner, KeepAlive,
    ::testing::Values(KeepAliveCase{"default_1_1", "1", "", true},
                      KeepAliveCase{"default_1_0", "0", "", false},
                      KeepAliveCase{"close_1_1", "1", "Connection: Close\r\n", false},
                      KeepAliveCase{"keep_1_0", "0", "Connection: Keep-Alive\r\n", true},
                      KeepAliveCase{"in_a_list", "1", "Connection: te , close\r\n", false},
                      KeepAliveCase{"second_line", "1", "Connection: te\r\nConnection: close\r\n",
                                    false},
                      KeepAliveCase{"close_wins", "0", "Connection: keep-alive, close\r\n", false}),
    [](const auto& test) { return test.param.name; });

TEST(HeadScanner, ExpectationNeedsHttp11) {
  EXPECT_TRUE(scan_head(header("Expect: 100-continue"), {}).head.expect_continue);
  EXPECT_FALSE(scan_head(request("PUT / HTTP/1.0", "Host: a\r\nExpect: 100-continue\r\n"), {})
                   .head.expect_continue);
}

}  // namespace
}  // namespace imdsd::http
