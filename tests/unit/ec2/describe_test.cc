// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "tests/support/ec2_world.h"

namespace imdsd::ec2 {
namespace {

using support::Ec2World;
using support::kFirst;
using support::kSecond;
using Ids = std::vector<std::string>;

const std::string kDescribe = "Action=DescribeInstances";

TEST(DescribeInstances, WritesWhatAnInstanceIs) {
  Ec2World world;
  auto& first = world.instances.instances[std::string(kFirst)];
  first.settings = {Association{"iip-assoc-1", std::string(kFirst), "app-role"},
                    {.tokens_required = true, .hop_limit = 3},
                    {{"Name", "<web>"}}};
  const auto answer = world.call(kDescribe + "&InstanceId.1=" + std::string(kFirst));
  EXPECT_TRUE(answer.xml.starts_with(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DescribeInstancesResponse "
      "xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n  <requestId>request-1</requestId>"))
      << answer.xml;
  EXPECT_EQ(answer.texts("instanceId"), Ids{std::string(kFirst)});
  EXPECT_EQ(answer.text("code"), "16");
  EXPECT_EQ(answer.text("arn"), "arn:aws:iam::123456789012:instance-profile/app-role");
  EXPECT_EQ(answer.text("httpTokens"), "required");
  EXPECT_EQ(answer.text("httpPutResponseHopLimit"), "3");
  EXPECT_EQ(answer.text("value"), "&lt;web&gt;");
  EXPECT_EQ(answer.text("privateIpAddress"), "172.31.0.9");
  EXPECT_EQ(answer.text("macAddress"), "0a:00:00:00:00:01");
}

TEST(DescribeInstances, NamesAllThatAreNotThere) {
  Ec2World world;
  EXPECT_EQ(world
                .call(kDescribe + "&InstanceId.1=i-00000001&InstanceId.2=" + std::string(kFirst) +
                      "&InstanceId.3=i-00000002")
                .error(),
            "InvalidInstanceID.NotFound: The instance IDs 'i-00000001, i-00000002' do not exist");
}

TEST(DescribeInstances, OneReservationHasAllItsInstances) {
  Ec2World world;
  for (auto& [id, instance] : world.instances.instances) instance.reservation_id = "r-1";
  EXPECT_EQ(world.call(kDescribe).texts("reservationId"), Ids{"r-1"});
  EXPECT_EQ(world.call(kDescribe).texts("instanceId").size(), 2U);
}

TEST(DescribeInstances, ComeInPages) {
  Ec2World world;
  for (int i = 10; i < 20; ++i) world.instances.add("i-000000000000000" + std::to_string(i));
  Ids seen;
  std::string token;
  int pages = 0;
  do {
    const auto page =
        world.call(kDescribe + "&MaxResults=5" + (token.empty() ? "" : "&NextToken=" + token));
    ASSERT_EQ(page.error(), "");
    for (auto& id : page.texts("instanceId")) seen.push_back(std::move(id));
    token = page.text("nextToken");
    ++pages;
  } while (!token.empty() && pages < 10);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(seen, world.instances.ids());
}

struct Refusal {
  std::string_view name, form, error;
};
class DescribeRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(DescribeRefusal, IsEc2s) {
  EXPECT_EQ(Ec2World().call("Action=DescribeInstances" + std::string(GetParam().form)).error(),
            GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Each, DescribeRefusal,
    testing::Values(
        Refusal{"small_page", "&MaxResults=4",
                "InvalidParameterValue: Value ( 4 ) for parameter maxResults is invalid. Expecting "
                "a value greater than 5."},
        Refusal{"no_number", "&MaxResults=x",
                "InvalidParameterValue: Value (x) for parameter maxResults is invalid. It must be "
                "an integer."},
        Refusal{"token", "&NextToken=x", "InvalidNextToken: The specified NextToken is not valid."},
        Refusal{"ids_and_page", "&MaxResults=5&InstanceId.1=i-00000000",
                "InvalidParameterCombination: The parameter instancesSet cannot be used with the "
                "parameter maxResults"},
        Refusal{"filter", "&Filter.1.Name=colour&Filter.1.Value.1=x",
                "InvalidParameterValue: The filter 'colour' is invalid"},
        Refusal{"filter_without_value", "&Filter.1.Name=image-id",
                "InvalidParameterValue: The filter 'image-id' has no values"},
        Refusal{"dry_run", "&DryRun=true",
                "DryRunOperation: Request would have succeeded, but DryRun flag is set."},
        Refusal{"dry_run_of_nothing", "&DryRun=maybe",
                "InvalidParameterValue: Value (maybe) for parameter dryRun is invalid. It must be "
                "true or false."}),
    [](const auto& each) { return std::string(each.param.name); });

/// Filters, and whether the first of two instances passes.
struct FilterCase {
  std::string_view name, filter, value;
  bool passes;
};
class InstanceFilter : public testing::TestWithParam<FilterCase> {};

TEST_P(InstanceFilter, Selects) {
  Ec2World world;
  auto& first = world.instances.instances[std::string(kFirst)];
  first.settings = {Association{"iip-assoc-1", std::string(kFirst), "app-role"},
                    {.tokens_required = true},
                    {{"Name", "web *1"}, {"team", "a"}}};
  const auto answer =
      world.call(kDescribe + "&Filter.1.Name=instance-id&Filter.1.Value.1=" + std::string(kFirst) +
                 "&Filter.2.Name=" + std::string(GetParam().filter) + "&Filter.2.Value.1=nothing" +
                 "&Filter.2.Value.2=" + base::percent_encode(GetParam().value));
  ASSERT_EQ(answer.error(), "");
  EXPECT_EQ(answer.texts("instanceId").size(), GetParam().passes ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Each, InstanceFilter,
    testing::Values(FilterCase{"state", "instance-state-name", "running", true},
                    FilterCase{"other_state", "instance-state-name", "stopped", false},
                    FilterCase{"code", "instance-state-code", "16", true},
                    FilterCase{"tag", "tag:team", "a", true},
                    FilterCase{"other_tag", "tag:Name", "a", false},
                    FilterCase{"tag_key", "tag-key", "Name", true},
                    FilterCase{"any_run", "tag:Name", "web*", true},
                    FilterCase{"any_one", "tag:Name", "web ?1", true},
                    FilterCase{"escaped", "tag:Name", R"(web \*1)", true},
                    FilterCase{"escaped_other", "tag:team", R"(\?)", false},
                    FilterCase{"case_counts", "tag:team", "A", false},
                    FilterCase{"profile", "iam-instance-profile.arn",
                               "arn:aws:iam::123456789012:instance-profile/app-role", true},
                    FilterCase{"tokens", "metadata-options.http-tokens", "required", true},
                    FilterCase{"address", "private-ip-address", "172.31.0.9", true},
                    FilterCase{"mac", "network-interface.mac-address", "0a:*", true},
                    FilterCase{"absent", "ip-address", "*", false}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(DescribeInstances, AreNotAnotherAccounts) {
  Ec2World world;
  world.account = "210987654321";
  EXPECT_TRUE(world.call(kDescribe).texts("instanceId").empty());
  EXPECT_EQ(world.call(kDescribe + "&InstanceId.1=" + std::string(kFirst)).code,
            "InvalidInstanceID.NotFound");
}

TEST(DescribeInstances, AreInOneRegion) {
  Ec2World world;
  world.region = "eu-west-1";
  const auto answer = world.call(kDescribe);
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.error(),
            "AuthFailure: Credential should be scoped to a valid region, not 'eu-west-1': the "
            "instances here are in us-east-1 (aws.region).");
}

TEST(DescribeInstances, ARefusalHasNothingToDecode) {
  Ec2World world;
  world.statement = R"("Effect":"Allow","Action":"s3:*","Resource":"*")";
  EXPECT_EQ(world.call(kDescribe).error(),
            "UnauthorizedOperation: You are not authorized to perform this operation. User: "
            "arn:aws:iam::123456789012:user/dev is not authorized to perform: "
            "ec2:DescribeInstances because no identity-based policy allows the "
            "ec2:DescribeInstances action");
  EXPECT_TRUE(world.sealed.empty());
}

TEST(DescribeInstanceAttribute, TellsOne) {
  Ec2World world;
  world.instances.instances[std::string(kSecond)].user_data = "#!/bin/sh\n";
  const std::string of = "Action=DescribeInstanceAttribute&InstanceId=" + std::string(kSecond);
  EXPECT_EQ(world.call(of + "&Attribute=userData").text("value"), "IyEvYmluL3NoCg==");
  EXPECT_EQ(world.call(of + "&Attribute=instanceType").text("value"), "t3.micro");
  EXPECT_EQ(world.call(of + "&Attribute=disableApiTermination").text("value"), "false");
  EXPECT_EQ(world.call(of + "&Attribute=kernel").code, "InvalidParameterValue");
}

TEST(DescribeRegions, ThereIsOne) {
  Ec2World world;
  EXPECT_EQ(world.call("Action=DescribeRegions").texts("regionName"), Ids{"us-east-1"});
  EXPECT_EQ(world.call("Action=DescribeRegions&RegionName.1=eu-west-1").code,
            "InvalidParameterValue");
}

TEST(DescribeInstanceStatus, TellsWhoRuns) {
  Ec2World world;
  world.instances.instances[std::string(kSecond)].state = InstanceState::terminated;
  const std::string status = "Action=DescribeInstanceStatus";
  const auto running = world.call(status);
  EXPECT_EQ(running.texts("instanceId"), Ids{std::string(kFirst)});
  EXPECT_EQ(running.texts("status"), (Ids{"ok", "passed", "ok", "passed"}));
  EXPECT_EQ(running.texts("name"), (Ids{"running", "reachability", "reachability"}));
  EXPECT_EQ(running.text("availabilityZone"), "us-east-1a");
  const std::string second = "&InstanceId.1=" + std::string(kSecond);
  EXPECT_TRUE(world.call(status + second).texts("instanceId").empty());
  const auto all = world.call(status + second + "&IncludeAllInstances=true");
  EXPECT_EQ(all.texts("status"), (Ids{"not-applicable", "not-applicable"}));
  EXPECT_EQ(all.text("code"), "48");
  const std::string filter = "&IncludeAllInstances=true&Filter.1.Value.1=terminated&Filter.1.Name=";
  EXPECT_EQ(world.call(status + filter + "instance-state-name").texts("instanceId"),
            Ids{std::string(kSecond)});
  EXPECT_EQ(world.call(status + filter + "event.code").error(),
            "InvalidParameterValue: The filter 'event.code' is invalid");
  EXPECT_EQ(world.call(status + "&InstanceId.1=i-00000009").code, "InvalidInstanceID.NotFound");
  world.statement = R"("Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"*")";
  EXPECT_EQ(world.call(status).code, "UnauthorizedOperation");
}

TEST(DescribeInstanceStatus, ComesInPages) {
  Ec2World world;
  for (int i = 10; i < 20; ++i) world.instances.add("i-000000000000000" + std::to_string(i));
  const auto page = world.call("Action=DescribeInstanceStatus&MaxResults=8");
  EXPECT_EQ(page.texts("instanceId").size(), 8U);
  EXPECT_EQ(world
                .call("Action=DescribeInstanceStatus&MaxResults=8&NextToken=" +
                      base::percent_encode(page.text("nextToken")))
                .texts("instanceId")
                .size(),
            4U);
}

TEST(DescribeAvailabilityZones, AreWhereInstancesAre) {
  Ec2World world;
  auto& second = world.instances.instances[std::string(kSecond)];
  second.zone = "us-east-1c";
  second.zone_id = "use1-az4";
  const std::string zones = "Action=DescribeAvailabilityZones";
  const auto all = world.call(zones);
  EXPECT_EQ(all.texts("zoneName"), (Ids{"us-east-1a", "us-east-1c"}));
  EXPECT_EQ(all.texts("zoneId"), Ids{"use1-az4"});
  EXPECT_EQ(all.text("zoneState"), "available");
  EXPECT_EQ(world.call(zones + "&ZoneName.1=us-east-1c").texts("zoneName"), Ids{"us-east-1c"});
  EXPECT_EQ(world.call(zones + "&Filter.1.Name=zone-id&Filter.1.Value.1=use1-*").texts("zoneName"),
            Ids{"us-east-1c"});
  EXPECT_EQ(world.call(zones + "&ZoneName.1=us-east-1z").error(),
            "InvalidParameterValue: Invalid availability zone: [us-east-1z]");
  world.account = "210987654321";
  EXPECT_EQ(world.call(zones).texts("zoneName"), Ids{"us-east-1a"}) << "it sees no instances";
}

}  // namespace
}  // namespace imdsd::ec2
