// SPDX-License-Identifier: MIT
// Metadata options, tags, instances that come and go.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/ec2_world.h"

namespace imdsd::ec2 {
namespace {

using support::Ec2World;
using support::kFirst;
using support::kSecond;
using Texts = std::vector<std::string>;

const std::string kModify =
    "Action=ModifyInstanceMetadataOptions&InstanceId=" + std::string(kFirst);
const std::string kRun = "Action=RunInstances&ImageId=ami-0123456789abcdef0&MinCount=1&MaxCount=1";

TEST(ModifyInstanceMetadataOptions, ChangesWhatIsSaid) {
  Ec2World world;
  const auto answer = world.call(kModify + "&HttpTokens=required&HttpPutResponseHopLimit=1");
  ASSERT_EQ(answer.error(), "");
  EXPECT_EQ(answer.text("state"), "pending");
  EXPECT_EQ(answer.text("httpTokens"), "required");
  EXPECT_EQ(answer.text("httpEndpoint"), "enabled");
  EXPECT_EQ(world.settings().metadata_options,
            (MetadataOptions{.tokens_required = true, .hop_limit = 1}));
  EXPECT_EQ(world.call(kModify + "&HttpEndpoint=disabled&InstanceMetadataTags=enabled").error(),
            "");
  EXPECT_EQ(world.settings().metadata_options, (MetadataOptions{true, false, 1, true}));
  EXPECT_EQ(world.settings(kSecond).metadata_options, MetadataOptions());
}

struct Refusal {
  std::string_view name, form, error;
};
class ModifyRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(ModifyRefusal, IsEc2s) {
  Ec2World world;
  world.instances.instances[std::string(kFirst)].settings.tags = {{"a/b", "c"}};
  EXPECT_EQ(world.call(kModify + std::string(GetParam().form)).error(), GetParam().error);
  EXPECT_EQ(world.instances.changes, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Each, ModifyRefusal,
    testing::Values(
        Refusal{"tokens", "&HttpTokens=maybe",
                "InvalidParameterValue: Value (maybe) for parameter httpTokens is invalid. It must "
                "be optional or required."},
        Refusal{"hops", "&HttpPutResponseHopLimit=65",
                "InvalidParameterValue: Value (65) for parameter httpPutResponseHopLimit is "
                "invalid. It must be between 1 and 64."},
        Refusal{"ipv6", "&HttpProtocolIpv6=enabled",
                "UnsupportedOperation: HttpProtocolIpv6 cannot be enabled for one instance: "
                "imds.listen says which addresses serve metadata, those of IPv6 included."},
        Refusal{"tag_that_cannot_be_shown", "&InstanceMetadataTags=enabled",
                "InvalidParameterValue: 'a/b' is not a valid tag key. Tag keys must match pattern "
                "([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not be a reserved name ('.', '..', "
                "'_index')"}),
    [](const auto& each) { return std::string(each.param.name); });

/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-instance-metadata
TEST(ModifyInstanceMetadataOptions, IsDecidedByTheAttributesThatItSets) {
  Ec2World world;
  world.statement = R"("Effect":"Allow","Action":"ec2:*","Resource":"*"},{"Effect":"Deny",)"
                    R"("Action":"ec2:ModifyInstanceMetadataOptions","Resource":"*",)"
                    R"("Condition":{"StringEquals":{"ec2:Attribute/HttpTokens":"optional"}})";
  EXPECT_EQ(world.call(kModify + "&HttpTokens=required").error(), "");
  EXPECT_EQ(world.call(kModify + "&HttpTokens=optional").code, "UnauthorizedOperation");
}

TEST(Tags, AreCreatedDescribedAndDeleted) {
  Ec2World world;
  const std::string both =
      "&ResourceId.1=" + std::string(kFirst) + "&ResourceId.2=" + std::string(kSecond);
  ASSERT_EQ(world.call("Action=CreateTags" + both + "&Tag.1.Key=Name&Tag.1.Value=web&Tag.2.Key=x")
                .text("return"),
            "true");
  EXPECT_EQ(world.settings().tags, (Tags{{"Name", "web"}, {"x", ""}}));
  EXPECT_EQ(world
                .call("Action=CreateTags&ResourceId.1=" + std::string(kFirst) +
                      "&Tag.1.Key=Name&Tag.1.Value=db")
                .error(),
            "");
  EXPECT_EQ(
      world.call("Action=DescribeTags&Filter.1.Name=key&Filter.1.Value.1=Name").texts("value"),
      (Texts{"db", "web"}));
  EXPECT_EQ(world.call("Action=DescribeTags&Filter.1.Name=tag:Name&Filter.1.Value.1=web")
                .texts("resourceId"),
            Texts{std::string(kSecond)});
  // Only where the value is that one.
  EXPECT_EQ(world.call("Action=DeleteTags" + both + "&Tag.1.Key=Name&Tag.1.Value=web").error(), "");
  EXPECT_EQ(world.settings().tags, (Tags{{"Name", "db"}, {"x", ""}}));
  EXPECT_EQ(world.settings(kSecond).tags, (Tags{{"x", ""}}));
  EXPECT_EQ(world.call("Action=DeleteTags" + both).error(), "");
  EXPECT_TRUE(world.settings().tags.empty());
}

TEST(Tags, AreRefusedForAllOrTakenForAll) {
  Ec2World world;
  world.instances.instances[std::string(kSecond)].settings.metadata_options.tags_in_metadata = true;
  const std::string both = "Action=CreateTags&ResourceId.1=" + std::string(kFirst) +
                           "&ResourceId.2=" + std::string(kSecond);
  EXPECT_EQ(world.call(both + "&Tag.1.Key=a/b&Tag.1.Value=c").code, "InvalidParameterValue");
  EXPECT_TRUE(world.settings().tags.empty());
  EXPECT_EQ(world.call(both + "&Tag.1.Key=aws:x&Tag.1.Value=c").error(),
            "InvalidParameterValue: Tag keys starting with 'aws:' are reserved for internal use");
  std::string many = both;
  for (int i = 1; i <= 51; ++i) many += "&Tag." + std::to_string(i) + ".Key=k" + std::to_string(i);
  EXPECT_EQ(world.call(many).code, "TagLimitExceeded");
  EXPECT_EQ(world.call("Action=CreateTags&ResourceId.1=vol-00000000&Tag.1.Key=a").error(),
            "InvalidID: The ID 'vol-00000000' is not valid");
  EXPECT_EQ(world.instances.changes, 0U);
}

TEST(Tags, AreDecidedByWhatTheRequestSays) {
  Ec2World world;
  world.statement = R"("Effect":"Allow","Action":"ec2:CreateTags","Resource":"*",)"
                    R"("Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["team"]},)"
                    R"("StringEquals":{"aws:RequestTag/team":"web"}})";
  const std::string on = "Action=CreateTags&ResourceId.1=" + std::string(kFirst);
  EXPECT_EQ(world.call(on + "&Tag.1.Key=team&Tag.1.Value=web").error(), "");
  EXPECT_EQ(world.call(on + "&Tag.1.Key=team&Tag.1.Value=db").code, "UnauthorizedOperation");
  EXPECT_EQ(world.call(on + "&Tag.1.Key=team&Tag.1.Value=web&Tag.2.Key=x").code,
            "UnauthorizedOperation");
}

TEST(RunInstances, OrdersWhatIsAskedFor) {
  Ec2World world;
  const auto answer = world.call(
      "Action=RunInstances&ImageId=ami-0123456789abcdef0&MinCount=1&MaxCount=2"
      "&InstanceType=m7g.large&Placement.AvailabilityZone=us-east-1b&UserData=aGk%3D"
      "&IamInstanceProfile.Name=app-role&MetadataOptions.HttpTokens=required"
      "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=Name"
      "&TagSpecification.1.Tag.1.Value=web&SecurityGroupId.1=sg-0123456789abcdef0"
      "&SubnetId=subnet-01234567&ClientToken=once&DisableApiTermination=true");
  ASSERT_EQ(answer.error(), "");
  EXPECT_EQ(answer.texts("instanceId").size(), 2U);
  EXPECT_EQ(answer.text("name"), "pending");
  ASSERT_EQ(world.instances.orders.size(), 1U);
  const RunOrder& order = world.instances.orders.front();
  EXPECT_EQ(order.max_count, 2U);
  EXPECT_EQ(order.type, "m7g.large");
  EXPECT_EQ(order.zone, "us-east-1b");
  EXPECT_EQ(order.user_data, "hi");
  EXPECT_EQ(order.profile, "app-role");
  EXPECT_EQ(order.metadata_options.tokens_required, true);
  EXPECT_EQ(order.metadata_options.hop_limit, std::nullopt);
  EXPECT_EQ(order.tags, (Tags{{"Name", "web"}}));
  EXPECT_EQ(order.group_ids, Texts{"sg-0123456789abcdef0"});
  EXPECT_EQ(order.subnet_id, "subnet-01234567");
  EXPECT_EQ(order.client_token, "once");
  EXPECT_TRUE(order.termination_protected);
}

class RunRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(RunRefusal, IsEc2s) {
  Ec2World world;
  const std::string form = GetParam().form.starts_with("&") ? kRun + std::string(GetParam().form)
                                                            : std::string(GetParam().form);
  EXPECT_EQ(world.call(form).error(), GetParam().error);
  EXPECT_TRUE(world.instances.orders.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Each, RunRefusal,
    testing::Values(
        Refusal{"no_image", "Action=RunInstances&MinCount=1&MaxCount=1",
                "MissingParameter: The request must contain the parameter ImageId"},
        Refusal{"no_count", "Action=RunInstances&ImageId=ami-00000000&MinCount=1",
                "MissingParameter: The request must contain the parameter MaxCount"},
        Refusal{"image", "Action=RunInstances&ImageId=debian&MinCount=1&MaxCount=1",
                "InvalidAMIID.Malformed: Invalid id: \"debian\" (expecting \"ami-...\")"},
        Refusal{"counts", "Action=RunInstances&ImageId=ami-00000000&MinCount=2&MaxCount=1",
                "InvalidParameterValue: Value (1) for parameter maxCount is invalid. It must not "
                "be below minCount."},
        Refusal{"type", "&InstanceType=large",
                "InvalidParameterValue: Invalid value 'large' for InstanceType."},
        Refusal{"zone", "&Placement.AvailabilityZone=eu-west-1a",
                "InvalidParameterValue: Invalid availability zone: [eu-west-1a]: it must be one of "
                "us-east-1, such as us-east-1a"},
        Refusal{"address", "&PrivateIpAddress=1.2.3",
                "InvalidParameterValue: Invalid value '1.2.3' for PrivateIpAddress: it must be an "
                "IPv4 address"},
        Refusal{"user_data", "&UserData=%25",
                "InvalidUserData.Malformed: Invalid BASE64 encoding of user data."},
        Refusal{"volumes", "&BlockDeviceMapping.1.DeviceName=/dev/sda1",
                "UnknownParameter: The parameter BlockDeviceMapping.1.DeviceName is not "
                "recognized"},
        Refusal{"volume_tags",
                "&TagSpecification.1.ResourceType=volume&TagSpecification.1.Tag.1.Key=a",
                "InvalidParameterValue: 'volume' is not a valid taggable resource type for this "
                "operation."},
        Refusal{"group", "&SecurityGroupId.1=default",
                "InvalidGroupId.Malformed: Invalid id: \"default\" (expecting \"sg-...\")"},
        Refusal{"tenancy", "&Placement.Tenancy=dedicated",
                "UnsupportedOperation: Emulated instances have the tenancy `default` alone, not "
                "`dedicated`."},
        Refusal{"dry_run", "&DryRun=true",
                "DryRunOperation: Request would have succeeded, but DryRun flag is set."}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(RunInstances, NeedsAllThatAnInstanceIsMadeOf) {
  Ec2World world;
  world.statement = R"("Effect":"Allow","Action":"ec2:RunInstances",)"
                    R"("Resource":"arn:aws:ec2:us-east-1:123456789012:instance/*")";
  EXPECT_EQ(world.call(kRun).resource, "arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0");
  world.statement = R"("Effect":"Allow","Action":"ec2:RunInstances","Resource":"*")";
  EXPECT_EQ(world.call(kRun).error(), "");
  const std::string tagged = kRun +
                             "&TagSpecification.1.ResourceType=instance"
                             "&TagSpecification.1.Tag.1.Key=a";
  EXPECT_EQ(world.call(tagged).code, "UnauthorizedOperation");
  world.statement += R"(},{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*",)"
                     R"("Condition":{"StringEquals":{"ec2:CreateAction":"RunInstances"}})";
  EXPECT_EQ(world.call(tagged).error(), "");
  EXPECT_EQ(world.call(kRun + "&IamInstanceProfile.Name=app-role").resource,
            "arn:aws:iam::123456789012:role/app-role");
}

/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-instance-metadata
TEST(RunInstances, CanBeBoundToImdsV2) {
  Ec2World world;
  world.statement = R"("Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny",)"
                    R"("Action":"ec2:RunInstances","Resource":"arn:aws:ec2:*:*:instance/*",)"
                    R"("Condition":{"StringNotEquals":{"ec2:MetadataHttpTokens":"required"}})";
  EXPECT_EQ(world.call(kRun).code, "UnauthorizedOperation");
  EXPECT_EQ(world.call(kRun + "&MetadataOptions.HttpTokens=required").error(), "");
}

TEST(RunInstances, AreNotAnotherAccounts) {
  Ec2World world;
  world.account = "210987654321";
  EXPECT_EQ(world.call(kRun).code, "UnsupportedOperation");
}

TEST(StopInstances, AreThereUntilTheyAreStarted) {
  Ec2World world;
  const std::string first = "&InstanceId.1=" + std::string(kFirst);
  EXPECT_EQ(world.call("Action=StopInstances" + first + "&DryRun=true").code, "DryRunOperation");
  EXPECT_EQ(world.call("Action=StopInstances" + first).texts("name"),
            (Texts{"stopping", "running"}));
  EXPECT_EQ(world.call("Action=StopInstances" + first).texts("name"),
            (Texts{"stopped", "stopped"}));
  const auto described = world.call("Action=DescribeInstances" + first);
  EXPECT_EQ(described.text("name"), "stopped");
  EXPECT_EQ(described.text("code"), "80");
  EXPECT_EQ(world.call("Action=StartInstances" + first).texts("name"),
            (Texts{"pending", "stopped"}));
  EXPECT_EQ(world.call("Action=StartInstances" + first).texts("name"),
            (Texts{"running", "running"}));
  EXPECT_EQ(world.call("Action=StopInstances" + first + "&Hibernate=true").code,
            "UnsupportedOperation");
  world.statement = R"("Effect":"Allow","Action":"ec2:StartInstances","Resource":"*")";
  EXPECT_EQ(world.call("Action=StopInstances" + first).code, "UnauthorizedOperation");
}

TEST(StopInstances, NoneWhenOneCannotBe) {
  Ec2World world;
  auto& second = world.instances.instances[std::string(kSecond)];
  const std::string both =
      "&InstanceId.1=" + std::string(kFirst) + "&InstanceId.2=" + std::string(kSecond);
  second.declared = true;
  EXPECT_EQ(world.call("Action=StopInstances" + both).error(),
            "UnsupportedOperation: The instance '" + std::string(kSecond) +
                "' is declared in the configuration, and runs as long as it stands there");
  EXPECT_EQ(world.call("Action=StartInstances" + both).error(), "");
  second.settings.terminated = true;
  EXPECT_EQ(world.call("Action=StartInstances" + both).error(),
            "IncorrectInstanceState: The instance '" + std::string(kSecond) +
                "' is not in a state from which it can be started.");
  EXPECT_FALSE(world.settings().stopped);
}

TEST(TerminateInstances, EndsThem) {
  Ec2World world;
  const auto answer = world.call("Action=TerminateInstances&InstanceId.1=" + std::string(kFirst));
  ASSERT_EQ(answer.error(), "");
  EXPECT_EQ(answer.texts("name"), (Texts{"shutting-down", "running"}));
  EXPECT_TRUE(world.settings().terminated);
  EXPECT_EQ(
      world.call("Action=TerminateInstances&InstanceId.1=" + std::string(kFirst)).texts("name"),
      (Texts{"terminated", "terminated"}));
  EXPECT_EQ(world.call(kModify + "&HttpTokens=required").code, "IncorrectInstanceState");
}

TEST(TerminateInstances, NoneWhenOneIsProtected) {
  Ec2World world;
  world.instances.instances[std::string(kSecond)].termination_protected = true;
  EXPECT_EQ(world
                .call("Action=TerminateInstances&InstanceId.1=" + std::string(kFirst) +
                      "&InstanceId.2=" + std::string(kSecond))
                .error(),
            "OperationNotPermitted: The instance '" + std::string(kSecond) +
                "' may not be terminated. Modify its 'disableApiTermination' instance attribute "
                "and try again.");
  EXPECT_FALSE(world.settings().terminated);
  EXPECT_EQ(world.call("Action=TerminateInstances").code, "MissingParameter");
}

TEST(Operations, HaveNamesOfTheirOwn) {
  for (const std::string_view name : operation_names()) {
    EXPECT_EQ(find_operation(name)->name, name);
  }
  EXPECT_EQ(find_operation("DescribeVpcs"), nullptr);
}

}  // namespace
}  // namespace imdsd::ec2
