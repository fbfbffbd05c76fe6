// SPDX-License-Identifier: MIT
// The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and of
// sigv4-streaming-trailers.html.
#include "aws/sigv4_chunk.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/digest.h"

namespace imdsd::aws {
namespace {

constexpr std::string_view kSeed =
    "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
constexpr std::string_view kTrailerSeed =
    "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";

ChunkSignatures signatures(std::string_view seed) {
  Authorization authorization;
  authorization.scope = {"20130524", "us-east-1", "s3", "aws4_request"};
  authorization.amz_date = "20130524T000000Z";
  authorization.signature = seed;
  return {authorization, base::Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")};
}

const std::string& first_chunk() {
  static const std::string sha256 = base::sha256(std::string(65536, 'a'));
  return sha256;
}

TEST(ChunkSignatures, TakesTheChainOfTheDocumentation) {
  auto chain = signatures(kSeed);
  EXPECT_TRUE(chain.takes_chunk("ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
                                first_chunk()));
  EXPECT_TRUE(chain.takes_chunk("0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
                                base::sha256(std::string(1024, 'a'))));
  EXPECT_TRUE(chain.takes_chunk("b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
                                base::sha256("")));
}

TEST(ChunkSignatures, TakesTheTrailerOfTheDocumentation) {
  auto chain = signatures(kTrailerSeed);
  EXPECT_TRUE(chain.takes_chunk("b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
                                first_chunk()));
  EXPECT_TRUE(chain.takes_chunk("1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
                                base::sha256(std::string(1024, 'a'))));
  EXPECT_TRUE(chain.takes_chunk("2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
                                base::sha256("")));
  EXPECT_TRUE(
      chain.takes_trailer("d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435",
                          base::sha256("x-amz-checksum-crc32c:sOO8/Q==\n")));
}

TEST(ChunkSignatures, RefusesOtherDataOtherOrderAndOtherSpelling) {
  auto chain = signatures(kSeed);
  const std::string first = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";
  EXPECT_FALSE(chain.takes_chunk(first, base::sha256("b")));
  EXPECT_FALSE(chain.takes_chunk("0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
                                 base::sha256(std::string(1024, 'a'))));
  EXPECT_FALSE(chain.takes_chunk("AD80C730A21E5B8D04586A2213DD63B9A0E99E0E2307B0ADE35A65485A288648",
                                 first_chunk()));
  EXPECT_FALSE(chain.takes_chunk("", first_chunk()));
  EXPECT_TRUE(chain.takes_chunk(first, first_chunk())) << "a refused one does not move the chain";
  EXPECT_FALSE(chain.takes_chunk(first, first_chunk())) << "the same chunk does not come twice";
}

}  // namespace
}  // namespace imdsd::aws
