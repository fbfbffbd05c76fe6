// SPDX-License-Identifier: MIT
#include "cli/command_line.h"

#include <gtest/gtest.h>

namespace imdsd::cli {
namespace {

using Command = CommandLine::Command;

TEST(CommandLine, ReadsCommandsAndTheirFlags) {
  const auto env = parse_command_line({"--socket", "/s", "env", "--java", "--fish"});
  ASSERT_TRUE(env);
  EXPECT_EQ(env->command, Command::env);
  EXPECT_EQ(env->socket, "/s");
  EXPECT_TRUE(env->java);
  EXPECT_TRUE(env->fish);
  const auto rotate = parse_command_line({"rotate", "--instance=i-1", "--json", "--socket=/t"});
  ASSERT_TRUE(rotate);
  EXPECT_EQ(rotate->command, Command::rotate);
  EXPECT_EQ(rotate->instance, "i-1");
  EXPECT_TRUE(rotate->json);
  EXPECT_EQ(rotate->socket, "/t");
  const auto certificate = parse_command_line({"identity-cert", "--type", "pkcs7", "--json"});
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->command, Command::identity_cert);
  EXPECT_EQ(certificate->type, "pkcs7");
  EXPECT_TRUE(certificate->json);
  EXPECT_EQ(parse_command_line({"check-config", "a.toml"})->file, "a.toml");
  EXPECT_EQ(parse_command_line({"ca"})->command, Command::ca);
  EXPECT_TRUE(parse_command_line({"env", "--tls"})->tls);
  EXPECT_EQ(parse_command_line({"env", "--tls", "--ca-file", "c.pem"})->ca_file, "c.pem");
  const auto token = parse_command_line(
      {"token", "--namespace", "n", "--service-account=s", "--audience", "a", "--duration", "1h"});
  ASSERT_TRUE(token);
  EXPECT_EQ(token->name_space + token->service_account + token->audience + token->duration,
            "nsa1h");
  const auto task = parse_command_line({"env", "--ecs", "--task", "shop", "--container=web"});
  ASSERT_TRUE(task);
  EXPECT_TRUE(task->ecs);
  EXPECT_EQ(task->task + task->container, "shopweb");
  const auto pod = parse_command_line({"env", "--eks", "--namespace=n", "--service-account=s"});
  ASSERT_TRUE(pod);
  EXPECT_TRUE(pod->eks);
  EXPECT_EQ(pod->name_space + pod->service_account, "ns");
  const auto process =
      parse_command_line({"credential-process", "--instance", "i-1", "--role", "other"});
  ASSERT_TRUE(process);
  EXPECT_EQ(process->command, Command::credential_process);
  EXPECT_EQ(process->instance + process->role, "i-1other");
  EXPECT_TRUE(parse_command_line({"explain", "r", "--encoded"})->encoded);
  const auto fault = parse_command_line({"fault", "add", "--clock-skew", "-10m", "--instance",
                                         "i-1", "--json", "--type=x", "--socket=/t"});
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->instance + fault->socket, "i-1/t");
  EXPECT_TRUE(fault->json);
  EXPECT_EQ(fault->rest, (std::vector<std::string>{"add", "--clock-skew", "-10m", "--type=x"}));
  EXPECT_EQ(parse_command_line({"status"})->command, Command::status);
  EXPECT_EQ(parse_command_line({"status", "--help"})->command, Command::help);
  EXPECT_EQ(parse_command_line({"--version"})->command, Command::version);
}

struct BadCase {
  std::string_view name;
  std::vector<std::string> arguments;
  std::string_view message;
};
void PrintTo(const BadCase& c, std::ostream* out) {
  *out << c.name;
}

class BadCommandLine : public testing::TestWithParam<BadCase> {};

TEST_P(BadCommandLine, IsRefused) {
  const auto line = parse_command_line(GetParam().arguments);
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadCommandLine,
    testing::Values(
        BadCase{"Nothing", {}, "a command is missing"},
        BadCase{"UnknownCommand", {"stop"}, "unknown command `stop`"},
        BadCase{"UnknownFlag", {"env", "--bash"}, "unknown argument `--bash`"},
        BadCase{"ExtraWord", {"status", "now"}, "unexpected argument `now`"},
        BadCase{"TwoFiles", {"check-config", "a", "b"}, "unexpected argument `b`"},
        BadCase{"NoSocket", {"status", "--socket"}, "`--socket` needs a value"},
        BadCase{"EmptyInstance", {"rotate", "--instance="}, "`--instance` needs a value"},
        BadCase{"TypeOfStatus", {"status", "--type", "x"}, "`--type` is no flag of this command"},
        BadCase{"FishStatus", {"status", "--fish"}, "`--fish` is no flag of this command"},
        BadCase{"JavaRotate", {"--java", "rotate"}, "`--java` is no flag of this command"},
        BadCase{
            "InstanceOfCa", {"ca", "--instance", "i"}, "`--instance` is no flag of this command"},
        BadCase{"TlsStatus", {"status", "--tls"}, "`--tls` is no flag of this command"},
        BadCase{"CaFileAlone", {"env", "--ca-file=c"}, "`--ca-file` needs `--tls`"},
        BadCase{"NamespaceOfEnv",
                {"env", "--namespace=n"},
                "`--namespace, --audience, …` is no flag of this command"},
        BadCase{
            "EncodedStatus", {"status", "--encoded"}, "`--encoded` is for `explain [REQUEST-ID]`"},
        BadCase{"EncodedSimulation",
                {"explain", "--caller=a", "--action=s3:GetObject", "--encoded"},
                "`--encoded` is for `explain [REQUEST-ID]`"},
        BadCase{"ExplainBoth",
                {"explain", "r", "--caller=a", "--action=s3:GetObject"},
                "explain takes a request id, or `--caller ARN --action SERVICE:ACTION`, or nothing "
                "for the last denial"},
        BadCase{"EncodedJson",
                {"explain", "r", "--encoded", "--json"},
                "`--encoded` and `--json` exclude each other"},
        BadCase{"EcsStatus",
                {"status", "--ecs"},
                "`--ecs` and `--eks` are flags of `env`, `exec` and `up`"},
        BadCase{"TaskOfImds", {"env", "--task=t"}, "`--task` and `--container` need `--ecs`"},
        BadCase{"TwoDoors",
                {"env", "--ecs", "--eks"},
                "`--ecs`, `--eks` and `--admin` exclude each other"},
        BadCase{"AdminInANamespace",
                {"exec", "--admin", "--netns", "true"},
                "`--admin` and `--netns` exclude each other"},
        BadCase{"NamespaceOfTask",
                {"env", "--ecs", "--namespace=n"},
                "`--namespace, --audience, …` is no flag of this command"},
        BadCase{"RoleOfRotate", {"rotate", "--role=r"}, "`--role` is no flag of this command"},
        BadCase{
            "JsonProcess", {"credential-process", "--json"}, "`--json` is no flag of this command"},
        BadCase{"JsonCa", {"ca", "--json"}, "`--json` is no flag of this command"},
        BadCase{"JsonCheck", {"check-config", "--json"}, "`--json` is no flag of this command"},
        BadCase{
            "TwoFormats", {"env", "--json", "--fish"}, "`--json` and `--fish` exclude each other"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CommandLine, ExecLeavesWhatFollowsToTheProgram) {
  const auto dashes =
      parse_command_line({"exec", "--netns", "--instance", "web", "--", "aws", "--json"});
  ASSERT_TRUE(dashes) << dashes.error().message;
  EXPECT_EQ(dashes->command, Command::exec);
  EXPECT_TRUE(dashes->netns);
  EXPECT_EQ(dashes->instance, "web");
  EXPECT_FALSE(dashes->json);
  EXPECT_EQ(dashes->child, (std::vector<std::string>{"aws", "--json"}));
  const auto bare =
      parse_command_line({"--socket=/s", "exec", "--tls", "env", "-u", "--", "--help"});
  ASSERT_TRUE(bare) << bare.error().message;
  EXPECT_TRUE(bare->tls);
  EXPECT_EQ(bare->child, (std::vector<std::string>{"env", "-u", "--", "--help"}));
  for (const auto& wrong : {std::vector<std::string>{"exec"},
                            {"exec", "--"},
                            {"exec", "--json", "a"},
                            {"exec", "--fish", "a"},
                            {"env", "--netns"}}) {
    EXPECT_FALSE(parse_command_line(wrong)) << wrong.back();
  }
}

}  // namespace
}  // namespace imdsd::cli
