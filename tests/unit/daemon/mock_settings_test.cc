// SPDX-License-Identifier: MIT
#include "daemon/mock_settings.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imdsd::daemon {
namespace {

using Files = std::map<std::string, std::string>;

base::Result<MockSettings> load(const std::vector<std::string>& arguments,
                                const base::Environment& environment = {},
                                const Files& files = {}) {
  IMDSD_TRY(const auto parsed, parse_mock_arguments(arguments));
  return MockSettings::load(parsed, environment,
                            [&](const std::string& path) -> base::Result<std::string> {
                              const auto file = files.find(path);
                              if (file != files.end()) return file->second;
                              return base::fail(base::Errc::not_found, "no `" + path + "`");
                            });
}

std::string error_of(const std::vector<std::string>& arguments,
                     const base::Environment& environment = {}, const Files& files = {}) {
  const auto settings = load(arguments, environment, files);
  return settings ? "(none)" : settings.error().message;
}

TEST(MockArguments, FlagsInEveryFormThatPflagReads) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--port", "1550", "--imdsv2", "spot", "--action", "stop"},
        {"--port=1550", "--imdsv2=true", "spot", "--action=stop"},
        {"spot", "-p", "1550", "-I", "-a", "stop"},
        {"spot", "-p1550", "-Ia", "stop"},
        {"-Ip=1550", "spot", "-a=stop"}}) {
    const auto settings = load(arguments);
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->command(), "spot");
    EXPECT_EQ(settings->text("server.port"), "1550");
    EXPECT_TRUE(settings->flag("imdsv2"));
    EXPECT_EQ(settings->text("spot.action"), "stop");
  }
}

TEST(MockSettings, NumbersAreSavedAsNumbersHoweverTheyAreWritten) {
  const auto settings = load({"--mock-delay-sec", "007", "--imdsv2"});
  ASSERT_TRUE(settings) << settings.error().message;
  const auto saved = nlohmann::json::parse(settings->json());
  EXPECT_EQ(saved["mock-delay-sec"], 7);
  EXPECT_EQ(saved["imdsv2"], true);
}

TEST(MockArguments, LettersMeanWhatTheSubcommandSays) {
  EXPECT_EQ(load({"events", "-t", "completed", "-o", "instance-stop"})->text("events.state"),
            "completed");
  EXPECT_EQ(load({"spot", "-t", "2020-01-07T01:03:47Z"})->text("spot.time"),
            "2020-01-07T01:03:47Z");
  EXPECT_EQ(load({"se", "-a", "2020-01-07T01:03:47Z"})->text("events.not-after"),
            "2020-01-07T01:03:47Z");
  EXPECT_EQ(load({"scheduledevents"})->command(), "events");
  EXPECT_EQ(load({"asg"})->command(), "asglifecycle");
}

TEST(MockArguments, WhatMakesNoSenseIsNamed) {
  EXPECT_EQ(error_of({"--prot", "1"}), "unknown flag `--prot`");
  EXPECT_EQ(error_of({"-Iq"}), "unknown flag `-q` in `-Iq`");
  EXPECT_EQ(error_of({"--action", "stop"}), "unknown flag `--action`") << "belongs to spot";
  EXPECT_EQ(error_of({"--port"}), "`--port` needs a value");
  EXPECT_EQ(error_of({"spots"}), "unknown command `spots`");
}

TEST(MockArguments, HelpAndVersion) {
  using Action = MockArguments::Action;
  EXPECT_EQ(parse_mock_arguments({"spot", "--help"})->action, Action::help);
  EXPECT_EQ(parse_mock_arguments({"help"})->action, Action::help);
  EXPECT_EQ(parse_mock_arguments({"-h"})->action, Action::help);
  EXPECT_EQ(parse_mock_arguments({"--version"})->action, Action::version);
  EXPECT_NE(mock_help().find("-d, --mock-delay-sec"), std::string::npos) << mock_help();
}

TEST(MockSettings, Defaults) {
  const auto settings = load({});
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->text("server.port"), "1338");
  EXPECT_EQ(settings->text("server.hostname"), "127.0.0.1");
  EXPECT_EQ(settings->number("mock-ip-count"), 2);
  EXPECT_EQ(settings->text("spot.action"), "terminate");
  EXPECT_EQ(settings->text("metadata.values.instance-id"), "i-1234567890abcdef0");
  EXPECT_FALSE(settings->is_set("metadata.values.instance-id"));
  EXPECT_FALSE(settings->time("mock-trigger-time"));
}

TEST(MockSettings, FlagsBeforeVariablesBeforeTheFile) {
  const Files files{{"/x.json", R"({"imdsv2": true, "mock-delay-sec": 4, "server": {"port": "1550"},
                                    "spot": {"action": "stop"}})"}};
  const base::Environment environment{{"AEMM_CONFIG_FILE", "/x.json"},
                                      {"AEMM_MOCK_DELAY_SEC", "12"},
                                      {"AEMM_SPOT_ACTION", "hibernate"},
                                      {"AEMM_METADATA_VALUES_AMI_ID", "ami-0123456789abcdef0"}};
  const auto settings = load({"--mock-delay-sec", "8"}, environment, files);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->number("mock-delay-sec"), 8);
  EXPECT_EQ(settings->text("spot.action"), "hibernate");
  EXPECT_TRUE(settings->flag("imdsv2"));
  EXPECT_EQ(settings->text("server.port"), "1550");
  EXPECT_EQ(settings->text("metadata.values.ami-id"), "ami-0123456789abcdef0");
  EXPECT_TRUE(settings->warnings().empty());
}

TEST(MockSettings, TheFileInTheHomeFolderNeedNotBeThere) {
  const base::Environment home{{"HOME", "/home/x"}};
  EXPECT_EQ(load({}, home)->text("server.port"), "1338");
  EXPECT_EQ(load({}, home, {{"/home/x/aemm-config.json", R"({"server": {"port": "7"}})"}})
                ->text("server.port"),
            "7");
  EXPECT_EQ(error_of({"-c", "/no"}, home), "no `/no`") << "one that is named must be there";
}

TEST(MockSettings, WhatIsWrongIsNamedWithItsOrigin) {
  const auto in_file = [](const std::string& text) {
    return error_of({"-c", "/x.json"}, {}, {{"/x.json", text}});
  };
  EXPECT_EQ(error_of({"spot", "--action", "FOO"}),
            "--action: spot.action: must be one of terminate,hibernate,stop (got `FOO`)");
  EXPECT_EQ(error_of({}, {{"AEMM_MOCK_DELAY_SEC", "soon"}}),
            "AEMM_MOCK_DELAY_SEC: mock-delay-sec: must be a whole number (got `soon`)");
  EXPECT_EQ(in_file(R"({"imdsv2": "perhaps"})"),
            "/x.json: imdsv2: must be true or false (got `perhaps`)");
  EXPECT_EQ(in_file(R"({"mock-trigger-time": "tomorrow"})"),
            "/x.json: mock-trigger-time: must be a time in RFC 3339 format, such as "
            "2020-01-07T01:03:47Z (got `tomorrow`)");
  EXPECT_EQ(in_file("[1]"), "/x.json: is not a JSON object");
  EXPECT_EQ(in_file("{"), "/x.json: is not a JSON object");
  EXPECT_EQ(in_file(R"({"mock-delay-sec": 99999999999999999999})").substr(0, 23),
            "/x.json: mock-delay-sec");
}

TEST(MockSettings, UnknownSettingsAreWarnings) {
  const auto settings =
      load({"-c", "/x.json"}, {},
           {{"/x.json", R"({"metadata": {"values": {"mak": "x", "iam-info": {"Code": "y"}}},
                            "dynamic": {"values": {"instance-identity-document":
                              {"accountId": "123456789012", "imageId": "ami-1"}}}})"}});
  ASSERT_TRUE(settings) << settings.error().message;
  ASSERT_EQ(settings->warnings().size(), 3U);
  EXPECT_NE(settings->warnings()[1].find("iam-info.code` is ignored"), std::string::npos);
  EXPECT_NE(settings->warnings()[2].find("did you mean `metadata.values.mac`"), std::string::npos)
      << settings->warnings()[2];
  EXPECT_EQ(settings->text("dynamic.values.instance-identity-document.accountid"), "123456789012");
}

TEST(MockSettings, DeepAndOddFilesAreHarmless) {
  std::string deep = R"({"a":)";
  for (int i = 0; i < 2000; ++i) deep += R"({"a":)";
  deep += "1" + std::string(2001, '}');
  EXPECT_TRUE(load({"-c", "/x"}, {}, {{"/x", deep}}));
  const std::string whole = R"({"server": {"port": "80"}, "spot": {"action": "stop"}, "x": null})";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    EXPECT_FALSE(load({"-c", "/x"}, {}, {{"/x", whole.substr(0, cut)}})) << cut;
  }
  EXPECT_TRUE(load({"-c", "/x"}, {}, {{"/x", whole}}));
}

TEST(MockSettings, SavedSettingsAreReadBack) {
  const auto settings = load({"-p", "1550", "-I", "spot", "-a", "stop"});
  const auto saved = settings->json();
  EXPECT_EQ(nlohmann::json::parse(saved)["imdsv2"], true);
  const auto again = load({"-c", "/x"}, {}, {{"/x", saved}});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->warnings().empty());
  EXPECT_EQ(again->text("server.port"), "1550");
  EXPECT_EQ(again->text("spot.action"), "stop");
}

TEST(ParseRfc3339, WithAnyOffset) {
  const auto utc = parse_rfc3339("2021-05-17T21:22:30Z");
  ASSERT_TRUE(utc);
  EXPECT_EQ(*parse_rfc3339("2021-05-17T16:22:30-05:00"), *utc);
  EXPECT_EQ(*parse_rfc3339("2021-05-18T02:52:30+05:30"), *utc);
  for (const char* text : {"", "Z", "2021-05-17", "2021-05-17T21:22:30", "2021-05-17T21:22:30+05",
                           "2021-05-17T21:22:30+25:00", "2021-05-17T21:22:30+aa:00",
                           "2021-13-17T21:22:30Z", "+05:00"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace imdsd::daemon
