// SPDX-License-Identifier: MIT
#include "cli/format_environment.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cli/program_output.h"

namespace imdsd::cli {
namespace {

using std::chrono::seconds;

constexpr const char* kNasty[] = {"plain", "",           "with space", "it's",      "'",
                                  "''",    "$(echo no)", "`echo no`",  "$HOME",     "a\\b",
                                  "a\\",   "\"quoted\"", "line\nend",  "; echo no", "*",
                                  "~",     "!x",         "é漢",        "--",        "\t"};

std::string run(const std::vector<std::string>& command) {
  return program_output(command, seconds(20)).value_or("(failed)");
}

TEST(FormatForSh, EveryTextSurvivesEval) {
  for (const char* text : kNasty) {
    const auto script = format_for_sh({{"IMDSD_TEST_VALUE", std::string(text)}}) +
                        "printf %s \"$IMDSD_TEST_VALUE\"";
    // As the user does it: the output of a command, evaluated.
    EXPECT_EQ(run({"sh", "-c", "eval \"$1\"", "sh", script}), text);
  }
}

TEST(FormatForSh, ExportsAndUnsets) {
  const auto script = format_for_sh({{"A", "1"}, {"B", std::nullopt}});
  EXPECT_EQ(script, "export A='1'\nunset B\n");
  EXPECT_EQ(run({"sh", "-c", "B=x; eval \"$1\"; sh -c 'echo $A'; echo ${B-gone}", "sh", script}),
            "1\ngone\n");
}

TEST(FormatForSh, NamesThatAShellCannotHaveAreLeftOut) {
  const std::vector<Variable> variables = {
      {"AWS_ENDPOINT_URL_$(echo no)", std::nullopt}, {"1A", "x"}, {"", "x"}, {"A-B", std::nullopt}};
  EXPECT_EQ(format_for_sh(variables), "");
  EXPECT_EQ(format_for_fish(variables), "");
}

TEST(FormatForFish, QuotesByItsOwnRules) {
  EXPECT_EQ(format_for_fish({{"A", "it's a\\b $x"}, {"B", std::nullopt}}),
            "set -gx A 'it\\'s a\\\\b $x';\nset -e B;\n");
}

TEST(FormatForFish, EveryTextSurvivesEval) {
  if (!program_output({"fish", "--version"}, seconds(20))) GTEST_SKIP() << "fish is not installed";
  for (const char* text : kNasty) {
    const auto script = format_for_fish({{"IMDSD_TEST_VALUE", std::string(text)}}) +
                        "printf %s \"$IMDSD_TEST_VALUE\"";
    EXPECT_EQ(run({"fish", "-c", script}), text);
  }
}

TEST(FormatAsJson, IsOneObjectWithNullForUnset) {
  EXPECT_EQ(nlohmann::json::parse(format_as_json({{"A", "it's \"x\"\n"}, {"B", std::nullopt}})),
            nlohmann::json::parse(R"({"A": "it's \"x\"\n", "B": null})"));
  EXPECT_EQ(nlohmann::json::parse(format_as_json({{"A", "\xff"}}))["A"], "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace imdsd::cli
