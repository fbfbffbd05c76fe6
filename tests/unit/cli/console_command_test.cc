// SPDX-License-Identifier: MIT
#include "cli/console_command.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::cli {
namespace {

base::Result<ConsoleCommand> parse(const std::vector<std::string>& words) {
  IMDSD_TRY(const auto line, parse_command_line(words));
  return ConsoleCommand::parse(line);
}

std::string error(const std::vector<std::string>& words) {
  const auto command = parse(words);
  return command ? "" : command.error().message;
}

TEST(ConsoleCommand, ReadsWhatSignInTakes) {
  const auto command = parse(
      {"sign-in", "--account", "123456789012", "--mfa-code=123456", "--password-stdin", "James"});
  ASSERT_TRUE(command) << command.error().message;
  EXPECT_EQ(command->user, "James");
  EXPECT_EQ(command->account, "123456789012");
  EXPECT_EQ(command->mfa_code, "123456");
  EXPECT_TRUE(command->password_stdin);
}

TEST(ConsoleCommand, TakesARoleByNameAndByArn) {
  auto command = parse({"switch-role", "team/S3-role", "--session-name", "audit"});
  ASSERT_TRUE(command) << command.error().message;
  EXPECT_EQ(command->switch_role_body(),
            R"({"account":"","role":"team/S3-role","session_name":"audit"})");
  command = parse({"switch-role", "arn:aws:iam::210987654321:role/team/S3-role"});
  ASSERT_TRUE(command) << command.error().message;
  EXPECT_EQ(command->switch_role_body(),
            R"({"account":"210987654321","role":"team/S3-role","session_name":""})");
}

TEST(ConsoleCommand, NamesWhatMakesNoSense) {
  EXPECT_EQ(error({"sign-in"}), "the user's name is missing");
  EXPECT_EQ(error({"switch-role"}), "the role's name or ARN is missing");
  EXPECT_EQ(error({"sign-in", "James", "Mary"}), "unexpected argument `Mary`");
  EXPECT_EQ(error({"whoami", "James"}), "unexpected argument `James`");
  EXPECT_EQ(error({"sign-in", "James", "--password", "p"}),
            "`--password` is no flag of this command");
  EXPECT_EQ(error({"switch-role", "r", "--mfa-code", "1"}),
            "`--mfa-code` is no flag of this command");
  EXPECT_EQ(error({"sign-in", "James", "--account"}), "`--account` needs a value");
  EXPECT_EQ(error({"switch-role", "arn:aws:iam::210987654321:user/x"}),
            "`arn:aws:iam::210987654321:user/x` is no role's ARN");
  EXPECT_EQ(error({"switch-role", "arn:aws:iam::210987654321:role/x", "--account=1"}),
            "`--account` is another one than the ARN's");
  EXPECT_NE(error({"whoami", "--instance", "web"}), "");
  EXPECT_NE(error({"status", "--signed-in"}), "");
  EXPECT_NE(error({"env", "--signed-in", "--admin"}), "");
}

constexpr std::string_view kSession =
    R"({"user":{"account":"123456789012","name":"James","arn":"arn:aws:iam::123456789012:user/James",)"
    R"("user_id":"AIDA1","mfa":true,"signed_in":"2026-01-01T00:00:00Z","expires":"2026-01-01T12:00:00Z"},)"
    R"("identity":{"arn":"arn:aws:sts::123456789012:assumed-role/S3-role/James","account":"123456789012",)"
    R"("user_id":"AROA1:James","expires":"2026-01-01T01:00:00Z"},)"
    R"("role":{"account":"123456789012","role":"S3-role","expired":false},)"
    R"("csrf_token":"token-of-pages","session_token":"secret"})";

TEST(WhoamiText, SaysWhoAndInWhichRole) {
  EXPECT_EQ(whoami_text(kSession).value(),
            "arn:aws:sts::123456789012:assumed-role/S3-role/James\n"
            "  account    123456789012\n"
            "  user id    AROA1:James\n"
            "  role       S3-role in 123456789012, until 2026-01-01T01:00:00Z\n"
            "  signed in  arn:aws:iam::123456789012:user/James, with MFA, until "
            "2026-01-01T12:00:00Z\n");
  EXPECT_NE(whoami_text(R"({"user":{},"identity":{},"role_ended":"The session has expired."})")
                .value()
                .find("  role       none: The session has expired.\n"),
            std::string::npos);
  EXPECT_FALSE(whoami_text("{}"));
  EXPECT_FALSE(whoami_text("no JSON"));
}

TEST(WhoamiJson, KeepsTheTokensToItself) {
  const auto text = whoami_json(kSession).value();
  EXPECT_NE(text.find("AROA1:James"), std::string::npos);
  EXPECT_EQ(text.find("secret"), std::string::npos);
  EXPECT_EQ(text.find("token-of-pages"), std::string::npos);
}

}  // namespace
}  // namespace imdsd::cli
