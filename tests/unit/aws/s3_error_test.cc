// SPDX-License-Identifier: MIT
#include "aws/s3_error.h"

#include <gtest/gtest.h>

namespace imdsd::aws {
namespace {

TEST(S3ErrorXml, HasTheShapeOfTheService) {
  EXPECT_EQ(s3_error_xml({403, "InvalidAccessKeyId", "Not \"there\".", {{"AWSAccessKeyId", "A&B"}}},
                         "request", "host"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<Error><Code>InvalidAccessKeyId</Code><Message>Not &quot;there&quot;.</Message>"
            "<AWSAccessKeyId>A&amp;B</AWSAccessKeyId><RequestId>request</RequestId>"
            "<HostId>host</HostId></Error>");
}

}  // namespace
}  // namespace imdsd::aws
