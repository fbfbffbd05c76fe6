// SPDX-License-Identifier: MIT
#include "cli/fault.h"

#include <fstream>

#include <gtest/gtest.h>

namespace imdsd::cli {
namespace {

using Verb = FaultCommand::Verb;

TEST(FaultCommand, FlagsBecomeFields) {
  const auto add =
      parse_fault_command({"add", "--path", "iam/*", "--status=503", "--user-agent", "*Boto3*",
                           "--clock-skew", "-10m", "--reset", "--empty-body"});
  ASSERT_TRUE(add);
  EXPECT_EQ(add->verb, Verb::add);
  EXPECT_EQ(add->form,
            "path=iam%2F%2A&status=503&user_agent=%2ABoto3%2A&clock_skew=-10m&reset=true&body=");
}

TEST(FaultCommand, TellsWhatTheDaemonWarnsOf) {
  EXPECT_EQ(fault_warning(R"({"id": "1", "warning": "EC2 has no `x`"})"), "EC2 has no `x`");
  EXPECT_EQ(fault_warning(R"({"id": "1", "warning": null})"), "");
  EXPECT_EQ(fault_warning("{}"), "");
  EXPECT_EQ(fault_warning("no JSON"), "");
}

TEST(FaultCommand, VerbsTakeTheirArguments) {
  EXPECT_EQ(parse_fault_command({"list"})->verb, Verb::list);
  EXPECT_EQ(parse_fault_command({"clear"})->which, "");
  EXPECT_EQ(parse_fault_command({"clear", "7"})->which, "7");
  const auto scenario = parse_fault_command({"scenario", "imds-off", "--for", "10s"});
  EXPECT_EQ(scenario->form, "for=10s&scenario=imds-off");
  EXPECT_EQ(parse_fault_command({"scenario", "--list"})->verb, Verb::scenarios);
}

TEST(FaultCommand, BodiesComeFromFilesToo) {
  const std::string path = testing::TempDir() + "imdsd-fault-body";
  std::ofstream(path, std::ios::binary) << std::string("\0\xff", 2);
  EXPECT_EQ(parse_fault_command({"add", "--body-file", path})->form, "body_base64=AP8%3D");
  std::remove(path.c_str());
  const auto missing = parse_fault_command({"add", "--body-file", path});
  EXPECT_EQ(missing.error().message, "`" + path + "` cannot be read: No such file or directory");
}

struct BadCase {
  std::vector<std::string> arguments;
  std::string_view message;
};

TEST(FaultCommand, RefusesWhatMakesNoSense) {
  const BadCase cases[] = {
      {{}, "use `fault add`, `fault list`, `fault clear [ID]` or `fault scenario NAME`"},
      {{"stop"},
       "unknown verb `stop`: use `fault add`, `fault list`, `fault clear [ID]` or `fault scenario "
       "NAME`"},
      {{"list", "x"}, "unexpected argument `x`"},
      {{"clear", "1", "2"}, "unexpected argument `2`"},
      {{"clear", "--path", "x"}, "`--path` is no flag of this command"},
      {{"add", "x"}, "unexpected argument `x`"},
      {{"add", "--status"}, "`--status` needs a value"},
      {{"add", "--list"}, "`--list` needs a value"},
      {{"scenario"}, "`fault scenario` needs a name, or `--list`"},
  };
  for (const BadCase& bad : cases) {
    const auto command = parse_fault_command(bad.arguments);
    ASSERT_FALSE(command) << bad.message;
    EXPECT_EQ(command.error().message, bad.message);
  }
}

constexpr std::string_view kFault =
    R"({"id": "2", "scenario": "half-json", "rule": {"path": "iam/*", "body_bytes": 3}, "hits": 1,
        "state": "active", "milliseconds_left": 9178, "count_left": 4})";

TEST(FaultsText, IsForPeople) {
  EXPECT_EQ(faults_text(kFault, Verb::add).value(),
            "2  active, 1 hit, 4 left, 10s left: path=iam/* body_bytes=3 (half-json)\n");
  EXPECT_EQ(faults_text(R"({"instance": "i-1", "faults": []})", Verb::list).value(),
            "no faults on i-1\n");
  EXPECT_EQ(
      faults_text("{\"instance\": \"i-1\", \"faults\": [" + std::string(kFault) + "]}", Verb::list)
          .value(),
      faults_text(kFault, Verb::add).value());
  EXPECT_EQ(faults_text(R"({"instance": "i-1", "cleared": 2})", Verb::clear).value(),
            "cleared 2 on i-1\n");
  EXPECT_EQ(faults_text(R"({"scenarios": [{"name": "imds-off", "what": "403"}]})", Verb::scenarios)
                .value(),
            "imds-off              403\n");
}

TEST(FaultsText, AnswersOfAnotherVersionAreAnError) {
  for (const char* body : {"", "[]", "{}", R"({"faults": [{}], "instance": "i-1"})"}) {
    EXPECT_FALSE(faults_text(body, Verb::list)) << body;
  }
}

}  // namespace
}  // namespace imdsd::cli
