// SPDX-License-Identifier: MIT
#include "http/body_decoder.h"

#include <optional>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

namespace imdsd::http {
namespace {

struct Decoded {
  std::string body;
  std::string rest;
  bool done = false;
  bool failed = false;
};

/// Feeds `bytes` in pieces that end at each multiple of `step`.
Decoded decode(BodyDecoder decoder, std::string_view bytes, std::size_t step,
               std::size_t max = SIZE_MAX) {
  Decoded out;
  std::size_t pos = 0;
  while (!decoder.done() && pos < bytes.size()) {
    const std::size_t end = std::min(bytes.size(), (pos / step + 1) * step);
    const auto piece = decoder.next(bytes.substr(pos, end - pos), max);
    if (!piece) {
      out.failed = true;
      return out;
    }
    EXPECT_LE(piece->data.size(), max);
    EXPECT_GT(piece->consumed, 0u);
    pos += piece->consumed;
    out.body += piece->data;
  }
  out.done = decoder.done();
  out.rest = bytes.substr(pos);
  return out;
}

TEST(BodyDecoder, CountedTakesExactlyItsLength) {
  for (std::size_t step = 1; step < 10; ++step) {
    const Decoded out = decode(BodyDecoder::counted(5), "helloGET /", step);
    EXPECT_TRUE(out.done);
    EXPECT_EQ(out.body, "hello");
    EXPECT_EQ(out.rest, "GET /");
  }
}

TEST(BodyDecoder, CountedZeroIsDoneAtOnce) {
  EXPECT_TRUE(BodyDecoder::counted(0).done());
  EXPECT_EQ(decode(BodyDecoder::counted(0), "x", 1).rest, "x");
}

const std::string kChunked =
    "5\r\nhello\r\n00A;name=\"v\"\r\n, wide wor\r\n2\r\nld\r\n0\r\nX-Trailer: a\r\n\r\n";

TEST(BodyDecoder, ChunkedIsTheSameHoweverItIsSplit) {
  for (std::size_t step = 1; step <= kChunked.size(); ++step) {
    for (const std::size_t max : {std::size_t{1}, std::size_t{3}, std::size_t{SIZE_MAX}}) {
      const Decoded out = decode(BodyDecoder::chunked(), kChunked + "rest", step, max);
      EXPECT_FALSE(out.failed) << step;
      EXPECT_TRUE(out.done) << step;
      EXPECT_EQ(out.body, "hello, wide world") << step;
      EXPECT_EQ(out.rest, "rest") << step;
    }
  }
}

TEST(BodyDecoder, ChunkedIsNotDoneBeforeItsLastByte) {
  for (std::size_t size = 0; size < kChunked.size(); ++size) {
    const Decoded out =
        decode(BodyDecoder::chunked(), std::string_view(kChunked).substr(0, size), kChunked.size());
    EXPECT_FALSE(out.done) << size;
    EXPECT_FALSE(out.failed) << size;
  }
}

struct Case {
  std::string name;
  std::string bytes;
  bool fails = true;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class ChunkRules : public ::testing::TestWithParam<Case> {};

TEST_P(ChunkRules, Hold) {
  for (const std::size_t step : {std::size_t{1}, GetParam().bytes.size()}) {
    const Decoded out = decode(BodyDecoder::chunked(), GetParam().bytes, step);
    EXPECT_EQ(out.failed, GetParam().fails);
    EXPECT_EQ(out.done, !GetParam().fails);
  }
}

INSTANTIATE_TEST_SUITE_P(
    BodyDecoder, ChunkRules,
    ::testing::Values(Case{"empty_body", "0\r\n\r\n", false},
                      Case{"upper_case_hex", "A\r\n0123456789\r\n0\r\n\r\n", false},
                      Case{"extension", "0;a=b\r\n\r\n", false}, Case{"no_size", "\r\n\r\n"},
                      Case{"bare_lf", "1\na\r\n0\r\n\r\n"}, Case{"sign", "+1\r\na\r\n0\r\n\r\n"},
                      Case{"prefix", "0x1\r\na\r\n0\r\n\r\n"},
                      Case{"space_before", " 1\r\na\r\n0\r\n\r\n"},
                      Case{"space_after", "1 \r\na\r\n0\r\n\r\n"},
                      Case{"size_overflow", "10000000000000001\r\na"},
                      Case{"sixteen_digits", "0000000000000001\r\na"},
                      Case{"chunk_too_long", "1\r\nab\r\n0\r\n\r\n"},
                      Case{"chunk_ends_with_lf", "1\r\na\n0\r\n\r\n"},
                      Case{"control_in_extension", std::string("1;a\x01\r\na\r\n0\r\n\r\n")},
                      Case{"long_extension", "1;" + std::string(300, 'a') + "\r\na\r\n0\r\n\r\n"},
                      Case{"bad_trailer", "0\r\nno colon\r\n\r\n"},
                      Case{"folded_trailer", "0\r\n a: b\r\n\r\n"},
                      Case{"long_trailer_line", "0\r\na: " + std::string(8300, 'a') + "\r\n\r\n"}),
    [](const auto& test) { return test.param.name; });

TEST(BodyDecoder, TrailersTogetherAreBounded) {
  std::string bytes = "0\r\n";
  for (int i = 0; i < 1000; ++i) bytes += "A: 0123456789\r\n";
  EXPECT_TRUE(decode(BodyDecoder::chunked(), bytes + "\r\n", bytes.size()).failed);
}

}  // namespace
}  // namespace imdsd::http
