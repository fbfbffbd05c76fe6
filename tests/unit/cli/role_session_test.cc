// SPDX-License-Identifier: MIT
#include "cli/role_session.h"

#include <gtest/gtest.h>

namespace imdsd::cli {
namespace {

constexpr std::string_view kBody =
    R"({"Version":1,"AccessKeyId":"ASIA","SecretAccessKey":"s","SessionToken":"t",)"
    R"("Expiration":"2026-01-01T12:00:00Z","AccountId":"123456789012"})";

TEST(SessionVariables, AreThoseThatSdksRead) {
  const std::vector<Variable> expected = {{"AWS_ACCESS_KEY_ID", "ASIA"},
                                          {"AWS_SECRET_ACCESS_KEY", "s"},
                                          {"AWS_SESSION_TOKEN", "t"},
                                          {"AWS_CREDENTIAL_EXPIRATION", "2026-01-01T12:00:00Z"}};
  EXPECT_EQ(session_variables(kBody).value(), expected);
}

TEST(SessionVariables, OfAnythingElseAreAnError) {
  for (std::size_t size = 0; size < kBody.size(); ++size) {
    EXPECT_FALSE(session_variables(kBody.substr(0, size)));
  }
  EXPECT_FALSE(session_variables(R"({"AccessKeyId":"ASIA","SecretAccessKey":1})"));
}

TEST(WithSession, TakesThePlaceOfWhatWasUnset) {
  const auto session = session_variables(kBody).value();
  const auto all =
      with_session({{"AWS_REGION", "x"}, {"AWS_SESSION_TOKEN", std::nullopt}}, session);
  ASSERT_EQ(all.size(), 5u);
  EXPECT_EQ(all[0], (Variable{"AWS_REGION", "x"}));
  EXPECT_EQ(all[3], (Variable{"AWS_SESSION_TOKEN", "t"}));
}

}  // namespace
}  // namespace imdsd::cli
