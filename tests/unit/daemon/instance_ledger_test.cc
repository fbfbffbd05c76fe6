// SPDX-License-Identifier: MIT
#include "daemon/instance_ledger.h"

#include <chrono>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "config_fixture.h"
#include "temp_dir.h"

namespace imdsd::daemon {
namespace {

constexpr const char* kId = "i-0a1b2c3d4e5f60718";  // of the instance that nobody described

RunInstance run_instance() {
  RunInstance run;
  run.id = "i-00000000000000a01";
  run.reservation_id = "r-00000000000000a01";
  run.account = "123456789012";
  run.region = "us-east-1";
  run.type = "t3.micro";
  run.zone = "us-east-1a";
  run.image_id = "ami-00000000";
  run.launch_index = "0";
  run.launched = base::SystemTime(std::chrono::seconds(1'440'938'160));
  run.group_names = {"default", "web"};
  run.user_data = std::string("\0\xFF", 2);
  run.options = {true, false, 7, true};
  run.tags = {{"Name", "\"web\"\n"}, {"a", ""}};
  return run;
}

InstanceLedger full() {
  InstanceLedger ledger;
  InstanceChange& change = ledger.changed[kId];
  change.profile = {"now", "iip-assoc-00000000", "before"};
  change.options = InstanceChange::Options{{true, true, 1, false}, {}};
  change.tags = InstanceChange::Tags{{{"k", "v"}}, {}};
  ledger.changed["i-2"].profile = {"", "", "before"};
  RunInstance run = run_instance();
  ledger.run[run.id] = run;
  run.id = "i-00000000000000a02";
  run.user_data.reset();
  run.terminated = run.launched;
  ledger.run[run.id] = run;
  run.id = "i-00000000000000a03";
  run.terminated.reset();
  run.stopped = true;
  ledger.run[run.id] = run;
  return ledger;
}

TEST(InstanceLedger, ReadsWhatItPrints) {
  const auto again = InstanceLedger::parse(full().print());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, full());
  EXPECT_EQ(InstanceLedger::parse(InstanceLedger().print()).value(), InstanceLedger());
}

TEST(InstanceLedger, TakesNothingThatIsCutOff) {
  const std::string text = full().print();
  for (std::size_t length = 0; length + 2 < text.size(); ++length) {
    EXPECT_FALSE(InstanceLedger::parse(text.substr(0, length))) << length;
  }
}

TEST(InstanceLedger, IsItselfOrAnErrorWithABitTurned) {
  const std::string text = full().print();
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string turned = text;
    turned[i] = static_cast<char>(turned[i] ^ 1);
    const auto parsed = InstanceLedger::parse(turned);
    if (!parsed) continue;
    EXPECT_EQ(InstanceLedger::parse(parsed->print()).value(), *parsed) << i;
  }
}

struct Damage {
  std::string_view name, text, message;
};
class LedgerDamage : public testing::TestWithParam<Damage> {};

TEST_P(LedgerDamage, IsTold) {
  const auto parsed = InstanceLedger::parse(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, base::Errc::corrupt);
  EXPECT_EQ(parsed.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Each, LedgerDamage,
    testing::Values(
        Damage{"not_json", "{", "it is not what imdsd writes"},
        Damage{"version", R"({"version":2,"changed":{},"run":{}})",
               "its version is 2, and this imdsd reads version 1"},
        Damage{"more", R"({"version":1,"changed":{},"run":{},"x":1})",
               "it is not what imdsd writes"},
        Damage{"no_change", R"({"version":1,"changed":{"i-1":{}},"run":{}})",
               "instance `i-1` changes nothing"},
        Damage{"unknown_change", R"({"version":1,"changed":{"i-1":{"x":1}},"run":{}})",
               "instance `i-1` has members that it should not have"},
        Damage{"profile", R"({"version":1,"changed":{"i-1":{"profile":{"now":1}}},"run":{}})",
               "instance `i-1`: profile has a wrong `now`"},
        Damage{"hops",
               R"({"version":1,"changed":{"i-1":{"options":{"now":{"tokens_required":true,)"
               R"("endpoint_enabled":true,"tags_in_metadata":true,"hop_limit":65}}}},"run":{}})",
               "instance `i-1`: options: now has a wrong `hop_limit`"},
        Damage{"tags", R"({"version":1,"changed":{"i-1":{"tags":{"now":[]}}},"run":{}})",
               "instance `i-1`: tags has a wrong `now`"},
        Damage{"run", R"({"version":1,"changed":{},"run":{"i-1":{"account":"1"}}})",
               "instance `i-1` has no `region`"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(TakeUp, AddsWhatRunInstancesMade) {
  Config config = TestConfig{""}.config();
  EXPECT_EQ(take_up(full(), config).run, full().run);
  ASSERT_EQ(config.instances.size(), 2U) << "without those that are terminated and stopped";
  const InstanceConfig& run = config.instances[1];
  EXPECT_EQ(run.name, "i-00000000000000a01");
  EXPECT_EQ(run.description.user_data, std::string("\0\xFF", 2));
  EXPECT_EQ(run.options.http_tokens, imds::HttpTokens::required);
  EXPECT_TRUE(run.description.instance_metadata_tags);
}

TEST(TakeUp, KeepsWhatBelongsElsewhere) {
  Config config = TestConfig{"[aws]\nregion = \"eu-west-1\"\n"}.config();
  EXPECT_EQ(take_up(full(), config).run, full().run);
  EXPECT_EQ(config.instances.size(), 1U);
}

TEST(TakeUp, ForgetsWhatTheConfigurationOverrules) {
  Config config = TestConfig{"[[instance]]\nhop_limit = 9\n"}.config();
  const InstanceLedger kept = take_up(full(), config);
  // No profile, though it was over `before`; other options than those that were changed.
  EXPECT_EQ(config.instances[0].profile, "");
  EXPECT_EQ(config.instances[0].options.hop_limit, 9);
  EXPECT_EQ(config.instances[0].description.tags, (ec2::Tags{{"k", "v"}}));
  const InstanceChange& change = kept.changed.at(kId);
  EXPECT_FALSE(change.profile);
  EXPECT_FALSE(change.options);
  EXPECT_TRUE(change.tags);
  EXPECT_TRUE(kept.changed.count("i-2")) << "not configured now";
}

// The configuration said nothing of tags in the metadata when the API set them.
TEST(TakeUp, LeavesTagsOutThatTheMetadataCannotShow) {
  Config config = TestConfig{"[[instance]]\ninstance_metadata_tags = \"enabled\"\n"}.config();
  InstanceLedger ledger;
  ledger.changed[kId].tags = InstanceChange::Tags{{{"team/", "x"}}, {}};
  EXPECT_TRUE(take_up(ledger, config).changed.empty());
  EXPECT_TRUE(config.instances[0].description.tags.empty());
}

// What it was overruled by stays the word that later changes come over.
TEST(InstanceLedgerFile, IsSettledThoughTheDiskDoesNotTakeIt) {
  const TempDir temp;
  const StateDir state = StateDir::open(temp / "state").value();
  std::filesystem::create_directory(temp / "state/instances.json");
  InstanceLedgerFile file(state);
  EXPECT_FALSE(file.store(full()));
  EXPECT_EQ(*file.load(), InstanceLedger());
  EXPECT_FALSE(file.settle(full()));
  EXPECT_EQ(*file.load(), full());
}

}  // namespace
}  // namespace imdsd::daemon
