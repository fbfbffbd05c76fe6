// SPDX-License-Identifier: MIT
#include "imds/document_times.h"

#include <gtest/gtest.h>

#include "aws/time_format.h"
#include "imds/ec2_json.h"

namespace imdsd::imds {
namespace {

std::string document(std::string_view updated, std::string_view expiration) {
  return Ec2Json()
      .text("Code", "Success")
      .text("LastUpdated", updated)
      .text("Token", "\n  \"Expiration\" : \"2000-01-01T00:00:00Z")
      .text("Expiration", expiration)
      .take();
}

TEST(DocumentTimes, FindsTheExpirationAndNotWhatAValueSays) {
  EXPECT_EQ(document_expiration(document("2026-01-01T00:00:00Z", "2026-01-01T06:00:00Z")),
            aws::parse_iso8601("2026-01-01T06:00:00Z").value());
  EXPECT_EQ(document_expiration(""), std::nullopt);
  EXPECT_EQ(document_expiration(document("x", "never")), std::nullopt);
}

TEST(DocumentTimes, MovesBothTimesAndNothingElse) {
  EXPECT_EQ(shift_document_times(document("2026-01-01T00:00:00Z", "2026-01-01T06:00:00Z"),
                                 std::chrono::hours(-1)),
            document("2025-12-31T23:00:00Z", "2026-01-01T05:00:00Z"));
  EXPECT_EQ(shift_document_times("plain text", std::chrono::hours(1)), "plain text");
}

TEST(DocumentTimes, ReadsTheDocumentsOfContainers) {
  const std::string document =
      R"({"RoleArn":"arn","Token":",\"Expiration\":\"x","Expiration":"2026-01-01T06:00:00Z"})";
  EXPECT_EQ(document_expiration(document), aws::parse_iso8601("2026-01-01T06:00:00Z").value());
  EXPECT_NE(
      shift_document_times(document, std::chrono::hours(-1)).find("\"2026-01-01T05:00:00Z\"}"),
      std::string::npos);
}

TEST(DocumentTimes, LeavesADocumentThatIsCutAnywhere) {
  const std::string whole = document("2026-01-01T00:00:00Z", "2026-01-01T06:00:00Z");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    EXPECT_EQ(shift_document_times(whole.substr(0, size), std::chrono::hours(1)).size(), size);
  }
}

}  // namespace
}  // namespace imdsd::imds
