// SPDX-License-Identifier: MIT
#include "daemon/config_overrides.h"

#include <gtest/gtest.h>

#include "config_fixture.h"

namespace imdsd::daemon {
namespace {

TEST(ConfigOverrides, EnvironmentComesBeforeTheFileAndSetBeforeBoth) {
  TestConfig test{"[imds]\nhop_limit = 3\n"};
  EXPECT_EQ(test.config().imds.options.hop_limit, 3);
  test.environment["IMDSD_IMDS_HOP_LIMIT"] = "4";
  EXPECT_EQ(test.config().imds.options.hop_limit, 4);
  test.sets = {"imds.hop_limit=5"};
  EXPECT_EQ(test.config().imds.options.hop_limit, 5);
  test.sets.push_back("imds.hop_limit=6");
  EXPECT_EQ(test.config().imds.options.hop_limit, 6) << "the last --set counts";
}

TEST(ConfigOverrides, ProblemsNameTheOverrideAndTheKey) {
  TestConfig test{"[imds]\nhop_limit = 3\n"};
  test.environment["IMDSD_IMDS_HOP_LIMIT"] = "99";
  EXPECT_EQ(test.problems(), "IMDSD_IMDS_HOP_LIMIT: imds.hop_limit: must be 1..64 (got 99)\n");
  test.environment["IMDSD_IMDS_HOP_LIMIT"] = "many";
  EXPECT_EQ(test.problems(),
            "IMDSD_IMDS_HOP_LIMIT: imds.hop_limit: must be an integer (got a string)\n");
  test.sets = {"imds.hop_limit=0"};
  EXPECT_EQ(test.problems(), "--set imds.hop_limit=0: imds.hop_limit: must be 1..64 (got 0)\n");
}

TEST(ConfigOverrides, ValuesAreTomlOrBare) {
  const auto with = [](const char* assignment) {
    return TestConfig{role_toml(), {}, {assignment}}.config();
  };
  EXPECT_EQ(with("imds.http_tokens=required").imds.options.http_tokens, imds::HttpTokens::required);
  EXPECT_EQ(with("imds.http_tokens=\"required\"").imds.options.http_tokens,
            imds::HttpTokens::required);
  EXPECT_EQ(with("aws.account_id=210987654321").aws.account_id, "210987654321");
  EXPECT_EQ(with("imds.listen=127.0.0.1:0, [::1]:0").imds.listen.size(), 2U);
  EXPECT_EQ(with("imds.listen=[\"127.0.0.1:0\"]").imds.listen.size(), 1U);
  EXPECT_EQ(with("imds.allowed_hosts=").imds.options.allowed_hosts.size(), 0U);
  EXPECT_EQ(with("credentials.lifetime=20s").credentials.lifetime, std::chrono::seconds(20));
  EXPECT_TRUE(with("auth.allow_remote=true").auth.allow_remote);
  EXPECT_EQ(with(" state_dir = /tmp/x=y ").state_dir, "/tmp/x=y");
  EXPECT_EQ(with("instance.0.type=m7g.large").instances[0].description.type, "m7g.large");
  EXPECT_EQ(with("iam.role.0.name=web").iam.roles[0].name, "web");
  EXPECT_EQ(with("iam.role.0.max_session_duration=12h").iam.roles[0].max_session_duration,
            std::chrono::hours(12));
  EXPECT_EQ(with("instance=[{ id = \"i-0a1b2c3d\" }]").instances[0].description.id, "i-0a1b2c3d");
}

TEST(ConfigOverrides, VariablesReachIntoArrays) {
  TestConfig test{role_toml()};
  test.environment = {{"IMDSD_INSTANCE_0_TYPE", "m7g.large"},
                      {"IMDSD_IAM_ROLE_0_MAX_SESSION_DURATION", "7200"},
                      {"IMDSD_AWS_ALLOWED_HOSTS", "a.example,b.example"},
                      {"IMDSD_STATE_DIR", "/x"},
                      {"NOT_OURS", "1"}};
  const auto config = test.config();
  EXPECT_EQ(config.instances[0].description.type, "m7g.large");
  EXPECT_EQ(config.iam.roles[0].max_session_duration, std::chrono::hours(2));
  EXPECT_EQ(config.aws.allowed_hosts, (std::vector<std::string>{"a.example", "b.example"}));
  EXPECT_EQ(config.state_dir, "/x");
}

TEST(ConfigOverrides, UnknownVariablesAreWarnings) {
  TestConfig test{""};
  test.environment = {{"IMDSD_IMDS_HTTP_TOKEN", "required"},
                      {"IMDSD_imds_hop_limit", "3"},
                      {"IMDSD_PORT_1338_TCP_ADDR", "10.0.0.1"}};
  const auto loaded = test.parse();
  ASSERT_TRUE(loaded) << TestConfig::lines(loaded.error().problems);
  EXPECT_EQ(loaded->config.imds.options.http_tokens, imds::HttpTokens::optional);
  EXPECT_EQ(loaded->config.imds.options.hop_limit, 2);
  ASSERT_EQ(loaded->warnings.size(), 3U);
  EXPECT_EQ(loaded->warnings[0].to_string(),
            "IMDSD_IMDS_HTTP_TOKEN: is no key of the configuration, did you mean "
            "`IMDSD_IMDS_HTTP_TOKENS`?");
}

struct BadSet {
  std::string_view name, assignment, expected;
};
void PrintTo(const BadSet& c, std::ostream* out) {
  *out << c.name;
}

class ConfigBadSets : public testing::TestWithParam<BadSet> {};

TEST_P(ConfigBadSets, AreRefused) {
  const TestConfig test{role_toml(), {}, {std::string(GetParam().assignment)}};
  EXPECT_EQ(test.problems(), GetParam().expected);
}

constexpr BadSet kBadSets[] = {
    {"NoValue", "imds.hop_limit", "--set imds.hop_limit: must be KEY=VALUE\n"},
    {"Unknown", "imds.hop_limt=1",
     "--set imds.hop_limt=1: imds.hop_limt: unknown key, did you mean `imds.hop_limit`?\n"},
    {"Empty", "=1", "--set =1: unknown key\n"},
    {"IndexBeyond", "iam.role.5.name=x",
     "--set iam.role.5.name=x: iam.role.5.name: index 5 is out of range: there are 1, numbered "
     "from 0\n"},
    {"HugeIndex", "instance.99999999999999999999999.id=i-0a1b2c3d",
     "--set instance.99999999999999999999999.id=i-0a1b2c3d: "
     "instance.99999999999999999999999.id: index 99999999999999999999999 is out of range: there "
     "are 0, numbered from 0\n"},
};

INSTANTIATE_TEST_SUITE_P(Table, ConfigBadSets, testing::ValuesIn(kBadSets),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ConfigOverrides, SectionOfAWrongTypeIsNotWrittenThrough) {
  const TestConfig test{"imds = 3\n", {}, {"imds.hop_limit=4"}};
  EXPECT_EQ(test.problems(),
            "--set imds.hop_limit=4: imds.hop_limit: leads through a value that is no table\n"
            "config.toml:1:8: imds: must be a table (got an integer)\n");
}

TEST(ConfigOverrides, VariableNames) {
  EXPECT_EQ(variable_name("imds.http_tokens"), "IMDSD_IMDS_HTTP_TOKENS");
  EXPECT_EQ(variable_name("state_dir"), "IMDSD_STATE_DIR");
}

}  // namespace
}  // namespace imdsd::daemon
