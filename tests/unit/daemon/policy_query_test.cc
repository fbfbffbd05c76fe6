// SPDX-License-Identifier: MIT
#include "daemon/policy_query.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/audit_file.h"
#include "temp_dir.h"

namespace imdsd::daemon {
namespace {

using nlohmann::json;

const std::string kRole = "arn:aws:iam::123456789012:role/app";
const std::string kLine =
    R"({"time":"2026-01-01T00:00:00.000Z","event":"call","caller":"arn:aws:sts::123456789012:assumed-role/app/s",)"
    R"("permissions":[{"action":"s3:GetObject","resource":"arn:aws:s3:::b/k","allowed":true},)"
    R"({"action":"iam:PassRole","resource":"arn:aws:iam::123456789012:role/r","passed_to":"ec2.amazonaws.com","allowed":false}]})";

gateway::NeededPermissions needed_of(const std::string& lines) {
  gateway::NeededPermissions out;
  std::istringstream stream(lines);
  read_needed(stream, "123456789012:role/app", out);
  return out;
}

TEST(AuditFile, SaysWhatAHolderNeeded) {
  const auto needed =
      needed_of("{\"event\":\"delivery\"}\n" + kLine + "\n" + kLine + "\nno JSON\n");
  EXPECT_EQ(needed.permissions,
            (std::set<iam::Permission>{
                {"s3:GetObject", "arn:aws:s3:::b/k", "", true},
                {"iam:PassRole", "arn:aws:iam::123456789012:role/r", "ec2.amazonaws.com", false}}));
}

TEST(AuditFile, PassesOverLinesThatAreCutOrOfAnotherForm) {
  for (std::size_t size = 0; size < kLine.size(); ++size) {
    EXPECT_TRUE(needed_of(kLine.substr(0, size)).permissions.empty()) << size;
  }
  for (const char* line : {R"({"permissions":[{"action":"a:b"}]})", R"(["permissions"])",
                           R"({"event":"call","caller":1,"permissions":[]})"}) {
    EXPECT_TRUE(needed_of(line).permissions.empty()) << line;
  }
  const std::string start = R"({"event":"call","caller":")" + kRole + R"(","permissions":)";
  for (const char* rest : {"3}", "[1,null]}", R"([{"action":7}]})", R"([{"resource":"r"}]})"}) {
    EXPECT_TRUE(needed_of(start + rest).permissions.empty()) << rest;
  }
}

TEST(PolicyQuery, RefusesWhatIsNoPrincipal) {
  EXPECT_TRUE(PolicyQuery::parse("principal=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fapp"));
  EXPECT_EQ(PolicyQuery::parse("principal=app").error().message,
            "`app` is not the ARN of a user, a role or a session");
  EXPECT_EQ(PolicyQuery::parse("who=app").error().message, "there is no parameter `who`");
  EXPECT_FALSE(PolicyQuery::parse(""));
}

TEST(PolicyQuery, TakesMemoryAndFileTogether) {
  TempDir temp;
  const std::string file = temp.path() + "/audit.log";
  std::ofstream(file) << kLine << "\n";
  gateway::SeenPermissions seen;
  gateway::AuditRecord record;
  record.caller_arn = kRole;
  record.permissions = {{"s3:PutObject", "arn:aws:s3:::b/k", "", true}};
  seen.add(record);
  const auto policy = json::parse(policy_of_audited({kRole}, {seen, file}).value());
  EXPECT_EQ(policy["policy"]["Statement"], json::parse(R"([{"Effect":"Allow",
      "Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b/k"}])"));
  EXPECT_EQ(policy["notes"],
            json({"1 of what it asked for was denied, and is left out: `--denied` takes it in"}));
  const auto wide = json::parse(policy_of_audited({kRole, true}, {seen, file}).value());
  EXPECT_EQ(wide["policy"]["Statement"].size(), 2U);
  EXPECT_EQ(wide["permissions"], 3);
}

TEST(PolicyQuery, NamesThePrincipalAsItsPartitionDoes) {
  gateway::SeenPermissions seen;
  gateway::AuditRecord record;
  record.permissions = {{"s3:PutObject", "arn:aws-cn:s3:::b/k", "", true}};
  for (const char* arn : {"arn:aws-cn:iam::123456789012:role/app",
                          "arn:aws-cn:sts::123456789012:federated-user/bob"}) {
    record.caller_arn = arn;
    seen.add(record);
    EXPECT_EQ(json::parse(policy_of_audited({arn}, {seen, ""}).value())["principal"], arn);
  }
}

TEST(PolicyQuery, SaysWhomItHasSeen) {
  gateway::SeenPermissions seen;
  gateway::AuditRecord record;
  record.caller_arn = kRole;
  record.permissions = {{"s3:PutObject", "arn:aws:s3:::b/k", "", false}};
  seen.add(record);
  EXPECT_EQ(policy_of_audited({kRole}, {seen, ""}).error().message,
            "all that `" + kRole + "` was seen to do was denied: `--denied` makes a policy of it");
  const auto none = policy_of_audited({"arn:aws:iam::123456789012:role/apq"}, {seen, "/no/file"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, base::Errc::not_found);
  EXPECT_NE(none.error().message.find("did you mean `" + kRole + "`"), std::string::npos)
      << none.error().message;
}

}  // namespace
}  // namespace imdsd::daemon
