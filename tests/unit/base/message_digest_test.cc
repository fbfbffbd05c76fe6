// SPDX-License-Identifier: MIT
#include "base/message_digest.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::base {
namespace {

// RFC 1321 section A.5.
TEST(Md5, HasTheValuesOfTheRfc) {
  EXPECT_EQ(hex_encode(md5("")), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hex_encode(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
}

TEST(MessageDigest, OfPiecesIsThatOfTheWhole) {
  const std::string data(1000, 'x');
  MessageDigest sha1_of_pieces(MessageDigest::Method::sha1);
  MessageDigest sha256_of_pieces(MessageDigest::Method::sha256);
  for (std::size_t at = 0; at < data.size(); at += 7) {
    sha1_of_pieces.update(std::string_view(data).substr(at, 7));
    sha256_of_pieces.update(std::string_view(data).substr(at, 7));
  }
  EXPECT_EQ(sha1_of_pieces.finish(), sha1(data));
  EXPECT_EQ(sha256_of_pieces.finish(), sha256(data));
}

TEST(MessageDigest, StartsAnewBehindItsEnd) {
  MessageDigest digest(MessageDigest::Method::sha256);
  digest.update("one");
  EXPECT_EQ(digest.finish(), sha256("one"));
  EXPECT_EQ(digest.finish(), sha256(""));
  digest.update("two");
  EXPECT_EQ(digest.finish(), sha256("two"));
}

}  // namespace
}  // namespace imdsd::base
