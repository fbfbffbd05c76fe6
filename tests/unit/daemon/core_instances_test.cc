// SPDX-License-Identifier: MIT
// What EC2's API changes, as the metadata service shows it: now, after a reload, after a restart.
#include <chrono>
#include <filesystem>
#include <string>

#include "aws/time_format.h"
#include "core_fixture.h"
#include "daemon/files.h"
#include "daemon/run_instances.h"

namespace imdsd::daemon {
namespace {

constexpr const char* kWeb = "i-00000000000000a01";
constexpr const char* kDb = "i-00000000000000a02";

class CoreInstancesTest : public CoreTest {
 protected:
  /// web, the default, is like `web` says; its role is `one` unless that says otherwise.
  [[nodiscard]] static std::string config(const std::string& web = "profile = \"one\"\n") {
    return "[auth]\nmode = \"off\"\n[[instance]]\nid = \"" + std::string(kWeb) + "\"\n" + web +
           "[[instance]]\nid = \"" + std::string(kDb) + "\"\n" + role_toml("one") +
           role_toml("two");
  }

  [[nodiscard]] base::HttpResponse ec2(const std::string& form) const {
    return core_->handle_aws(
        fakes::HttpRequestBuilder("POST", "/")
            .header("Host", "127.0.0.1")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("X-Amz-Date", aws::format_basic(clock_.now()))
            .header("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/" +
                                         aws::format_basic(clock_.now()).substr(0, 8) +
                                         "/us-east-1/ec2/"
                                         "aws4_request, SignedHeaders=host;x-amz-date, Signature=" +
                                         std::string(64, '0'))
            .from("127.0.0.1:5000")
            .body(form + "&Version=2016-11-15")
            .build());
  }
  /// The text of the first element of this name; the whole answer if it is an error.
  [[nodiscard]] std::string ec2(const std::string& form, const std::string& element) const {
    const auto response = ec2(form);
    const std::string open = "<" + element + ">";
    const std::size_t at = response.body.find(open);
    if (response.status != 200 || at == std::string::npos) return response.body;
    const std::size_t start = at + open.size();
    return response.body.substr(start, response.body.find('<', start) - start);
  }
  [[nodiscard]] std::string association(const std::string& instance) const {
    return ec2(
        "Action=DescribeIamInstanceProfileAssociations&Filter.1.Name=instance-id"
        "&Filter.1.Value.1=" +
            instance,
        "associationId");
  }

  [[nodiscard]] std::string read(const std::string& path, const std::string& of = kWeb) const {
    const auto response =
        core_->handle_imds_of(of, fakes::HttpRequestBuilder("GET", "/latest/meta-data/" + path)
                                      .header("Host", "127.0.0.1")
                                      .from("127.0.0.1:5000")
                                      .build());
    return response.status == 200 ? response.body : std::to_string(response.status);
  }
  [[nodiscard]] std::string role(const std::string& of = kWeb) const {
    return read("iam/security-credentials/", of);
  }
  /// Code of the credentials document, and that they are the role's.
  [[nodiscard]] std::string code(const std::string& role, const std::string& of = kWeb) const {
    const auto document =
        nlohmann::json::parse(read("iam/security-credentials/" + role, of), nullptr, false);
    return document.is_object() ? document.value("Code", "") : "none";
  }
  void restart(const std::string& text) {
    core_.reset();
    core_ = make();
    ASSERT_EQ(apply(text), "");
  }
  [[nodiscard]] std::string file() const { return temp_.path() + "/instances.json"; }
};

TEST_F(CoreInstancesTest, AChangedAssociationChangesTheCredentials) {
  ASSERT_EQ(apply(config()), "");
  EXPECT_EQ(role(), "one");
  const std::string first = association(kWeb);
  const std::string replaced =
      ec2("Action=ReplaceIamInstanceProfileAssociation&IamInstanceProfile.Name=two&AssociationId=" +
              first,
          "associationId");
  ASSERT_TRUE(replaced.starts_with("iip-assoc-")) << replaced;
  EXPECT_EQ(role(), "two");
  EXPECT_EQ(code("two"), "Success");
  EXPECT_EQ(code("one"), "none");
  EXPECT_NE(read("iam/info").find("instance-profile/two"), std::string::npos);
  EXPECT_EQ(association(kWeb), replaced);

  EXPECT_EQ(ec2("Action=DisassociateIamInstanceProfile&AssociationId=" + replaced, "state"),
            "disassociating");
  EXPECT_EQ(role(), "404");
  EXPECT_EQ(role(kDb), "404");
  const std::string again =
      ec2("Action=AssociateIamInstanceProfile&IamInstanceProfile.Name=one&InstanceId=" +
              std::string(kDb),
          "associationId");
  EXPECT_EQ(role(kDb), "one");
  EXPECT_EQ(association(kDb), again);
}

TEST_F(CoreInstancesTest, ChangesStayOverReloadAndRestart) {
  ASSERT_EQ(apply(config()), "");
  const std::string id =
      ec2("Action=ReplaceIamInstanceProfileAssociation&IamInstanceProfile.Name=two&AssociationId=" +
              association(kWeb),
          "associationId");
  EXPECT_EQ(ec2("Action=ModifyInstanceMetadataOptions&HttpPutResponseHopLimit=7&InstanceId=" +
                    std::string(kWeb),
                "httpPutResponseHopLimit"),
            "7");
  EXPECT_EQ(ec2("Action=CreateTags&Tag.1.Key=Name&Tag.1.Value=x&ResourceId.1=" + std::string(kWeb),
                "return"),
            "true");
  const auto expect_all = [&] {
    EXPECT_EQ(role(), "two");
    EXPECT_EQ(association(kWeb), id);
    EXPECT_EQ(ec2("Action=DescribeInstances&InstanceId.1=" + std::string(kWeb),
                  "httpPutResponseHopLimit"),
              "7");
    EXPECT_EQ(ec2("Action=DescribeTags", "value"), "x");
  };
  expect_all();
  ASSERT_EQ(apply(config()), "");
  expect_all();
  restart(config());
  expect_all();
}

TEST_F(CoreInstancesTest, TheLaterWordCounts) {
  ASSERT_EQ(apply(config()), "");
  const auto replace = [&](const std::string& profile) {
    return ec2("Action=ReplaceIamInstanceProfileAssociation&IamInstanceProfile.Name=" + profile +
                   "&AssociationId=" + association(kWeb),
               "state");
  };
  ASSERT_EQ(replace("two"), "associating");
  ASSERT_EQ(ec2("Action=ModifyInstanceMetadataOptions&HttpTokens=required&InstanceId=" +
                    std::string(kWeb),
                "httpTokens"),
            "required");
  EXPECT_EQ(role(), "401");
  // About the profile the file says something new, about the options it does not.
  ASSERT_EQ(apply(config("profile = \"\"\n")), "");
  EXPECT_EQ(association(kDb).find("iip-assoc-"), std::string::npos);
  EXPECT_EQ(
      ec2("Action=DescribeIamInstanceProfileAssociations", "associationId").find("iip-assoc-"),
      std::string::npos);
  EXPECT_EQ(role(), "401");
  // What is over does not come back with the old text.
  ASSERT_EQ(apply(config("http_tokens = \"required\"\n")), "");
  ASSERT_EQ(apply(config()), "");
  EXPECT_EQ(role(), "one");
}

TEST_F(CoreInstancesTest, MetadataOptionsHoldForTheNextRequest) {
  ASSERT_EQ(
      apply(config("profile = \"one\"\n[[instance.tags]]\nkey = \"Name\"\nvalue = \"web\"\n")), "");
  const auto modify = [&](const std::string& what) {
    return ec2("Action=ModifyInstanceMetadataOptions&InstanceId=" + std::string(kWeb) + what,
               "state");
  };
  EXPECT_EQ(read("tags/instance/Name"), "404");
  EXPECT_EQ(modify("&InstanceMetadataTags=enabled"), "pending");
  EXPECT_EQ(read("tags/instance/Name"), "web");
  EXPECT_EQ(modify("&HttpTokens=required"), "pending");
  EXPECT_EQ(read("instance-id"), "401");
  EXPECT_EQ(read("instance-id", kDb), kDb);
  EXPECT_EQ(modify("&HttpTokens=optional&HttpEndpoint=disabled"), "pending");
  EXPECT_EQ(read("instance-id"), "403");
  EXPECT_EQ(modify("&HttpEndpoint=enabled"), "pending");
  EXPECT_EQ(read("instance-id"), kWeb);
}

TEST_F(CoreInstancesTest, RunInstancesAreServedLikeOthers) {
  ASSERT_EQ(apply(config()), "");
  const std::string id =
      ec2("Action=RunInstances&ImageId=ami-0123456789abcdef0&MinCount=1&MaxCount=1&InstanceType=c5."
          "large"
          "&IamInstanceProfile.Name=two&UserData=aGk%3D&ClientToken=once"
          "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=Name"
          "&TagSpecification.1.Tag.1.Value=worker",
          "instanceId");
  ASSERT_TRUE(id.starts_with("i-0")) << id;
  const auto expect_served = [&] {
    EXPECT_EQ(read("instance-id", id), id);
    EXPECT_EQ(read("instance-type", id), "c5.large");
    EXPECT_EQ(read("ami-id", id), "ami-0123456789abcdef0");
    EXPECT_EQ(role(id), "two");
    EXPECT_EQ(code("two", id), "Success");
    EXPECT_EQ(ec2("Action=DescribeInstances&Filter.1.Name=tag:Name&Filter.1.Value.1=worker",
                  "instanceId"),
              id);
  };
  expect_served();
  const std::string address = read("local-ipv4", id);
  EXPECT_NE(address, read("local-ipv4"));
  const auto taken = ec2(
      "Action=RunInstances&ImageId=ami-0123456789abcdef0&MinCount=1&MaxCount=1&PrivateIpAddress=" +
      address);
  EXPECT_NE(taken.body.find("<Code>InvalidIPAddress.InUse</Code>"), std::string::npos)
      << taken.body;
  EXPECT_NE(ec2("Action=RunInstances&ImageId=ami-0123456789abcdef0&MinCount=2&MaxCount=2"
                "&ClientToken=once",
                "Code")
                .find("IdempotentParameterMismatch"),
            std::string::npos);
  restart(config());
  expect_served();
  EXPECT_EQ(read("local-ipv4", id), address);

  EXPECT_EQ(ec2("Action=TerminateInstances&InstanceId.1=" + id, "name"), "shutting-down");
  EXPECT_EQ(read("instance-id", id), "403");
  EXPECT_EQ(ec2("Action=DescribeInstances&InstanceId.1=" + id, "name"), "terminated");
  restart(config());
  EXPECT_EQ(read("instance-id", id), "403");
  clock_.advance(std::chrono::hours(1));
  const auto forgotten = ec2("Action=DescribeInstances&InstanceId.1=" + id).body;
  EXPECT_NE(forgotten.find("<Code>InvalidInstanceID.NotFound</Code>"), std::string::npos)
      << forgotten;
}

TEST_F(CoreInstancesTest, AStoppedOneHasNoMetadataUntilItIsStarted) {
  ASSERT_EQ(apply(config()), "");
  const std::string run =
      "Action=RunInstances&ImageId=ami-0123456789abcdef0&MinCount=1&MaxCount=1"
      "&IamInstanceProfile.Name=two";
  const std::string id = ec2(run, "instanceId");
  const std::string address = read("local-ipv4", id), attached = association(id);
  const auto state = [&] { return ec2("Action=DescribeInstances&InstanceId.1=" + id, "name"); };
  clock_.advance(std::chrono::minutes(5));
  EXPECT_EQ(ec2("Action=StopInstances&InstanceId.1=" + id, "name"), "stopping");
  EXPECT_EQ(ec2("Action=StopInstances&InstanceId.1=" + id, "name"), "stopped");
  const auto expect_stopped = [&] {
    EXPECT_EQ(state(), "stopped");
    EXPECT_EQ(read("instance-id", id), "403");
    EXPECT_EQ(association(id), attached);
  };
  expect_stopped();
  ASSERT_EQ(apply(config()), "");
  expect_stopped();
  restart(config());
  expect_stopped();
  EXPECT_NE(ec2(run + "&PrivateIpAddress=" + address).body.find("InvalidIPAddress.InUse"),
            std::string::npos);
  // What is changed while it is stopped is there when it starts.
  EXPECT_EQ(ec2("Action=ReplaceIamInstanceProfileAssociation&IamInstanceProfile.Name=one"
                "&AssociationId=" +
                    attached,
                "state"),
            "associating");
  EXPECT_EQ(ec2("Action=StartInstances&InstanceId.1=" + id, "name"), "pending");
  EXPECT_EQ(state(), "running");
  EXPECT_EQ(read("local-ipv4", id), address);
  EXPECT_EQ(role(id), "one");
  EXPECT_EQ(code("one", id), "Success");
  EXPECT_EQ(ec2("Action=DescribeInstances&InstanceId.1=" + id, "launchTime"),
            aws::format_iso8601(clock_.now()));
  EXPECT_EQ(ec2("Action=StopInstances&InstanceId.1=" + id, "name"), "stopping");
  EXPECT_EQ(ec2("Action=TerminateInstances&InstanceId.1=" + id, "name"), "shutting-down");
  EXPECT_EQ(state(), "terminated");
  EXPECT_NE(ec2("Action=StartInstances&InstanceId.1=" + id).body.find("IncorrectInstanceState"),
            std::string::npos);
  EXPECT_NE(ec2("Action=StopInstances&InstanceId.1=" + std::string(kWeb))
                .body.find("UnsupportedOperation"),
            std::string::npos);
  EXPECT_EQ(read("instance-id"), kWeb);
}

TEST_F(CoreInstancesTest, ATerminatedOneLeavesNoUserDataAndKeepsItsTags) {
  ASSERT_EQ(apply(config()), "");
  const std::string id =
      ec2("Action=RunInstances&ImageId=ami-0123456789abcdef0&MinCount=1&MaxCount=1"
          "&UserData=c2VjcmV0LXNldHVw&TagSpecification.1.ResourceType=instance"
          "&TagSpecification.1.Tag.1.Key=Name&TagSpecification.1.Tag.1.Value=worker",
          "instanceId");
  const auto kept = [this] { return read_file(file()).value(); };
  EXPECT_NE(kept().find("c2VjcmV0LXNldHVw"), std::string::npos);
  EXPECT_EQ(ec2("Action=TerminateInstances&InstanceId.1=" + id, "name"), "shutting-down");
  EXPECT_EQ(kept().find("user_data"), std::string::npos);
  const std::string data =
      ec2("Action=DescribeInstanceAttribute&Attribute=userData&InstanceId=" + id).body;
  EXPECT_EQ(data.find("c2VjcmV0LXNldHVw"), std::string::npos) << data;
  EXPECT_EQ(ec2("Action=CreateTags&Tag.1.Key=Name&Tag.1.Value=gone&ResourceId.1=" + id, "return"),
            "true");
  EXPECT_EQ(ec2("Action=DescribeTags", "value"), "gone");
  restart(config());
  EXPECT_EQ(ec2("Action=DescribeTags", "value"), "gone");
}

TEST_F(CoreInstancesTest, TerminatedOnesDoNotPileUp) {
  ASSERT_EQ(apply(config()), "");
  const auto run_and_terminate = [this](std::size_t count) {
    const auto made = ec2("Action=RunInstances&ImageId=ami-0123456789abcdef0&MinCount=1&MaxCount=" +
                          std::to_string(count));
    std::string form = "Action=TerminateInstances";
    constexpr std::string_view kOpen = "<instanceId>";
    std::size_t number = 0;
    for (std::size_t at = made.body.find(kOpen); at != std::string::npos;
         at = made.body.find(kOpen, at + 1)) {
      form +=
          "&InstanceId." + std::to_string(++number) + "=" + made.body.substr(at + kOpen.size(), 19);
    }
    EXPECT_EQ(ec2(form).status, 200);
    EXPECT_EQ(number, count);
    clock_.advance(std::chrono::seconds(1));
    return form.substr(form.rfind('=') + 1);
  };
  const std::string first = run_and_terminate(1);
  run_and_terminate(kMaxTerminatedInstances - 1);
  EXPECT_EQ(ec2("Action=DescribeInstances&InstanceId.1=" + first, "name"), "terminated");
  const std::string last = run_and_terminate(1);
  EXPECT_NE(ec2("Action=DescribeInstances&InstanceId.1=" + first).body.find("NotFound"),
            std::string::npos);
  EXPECT_EQ(ec2("Action=DescribeInstances&InstanceId.1=" + last, "name"), "terminated");
}

TEST_F(CoreInstancesTest, AClientTokenIsForOneRun) {
  ASSERT_EQ(apply(config()), "");
  const std::string run =
      "Action=RunInstances&ImageId=ami-0123456789abcdef0&MinCount=1&MaxCount=1&ClientToken=once";
  const std::string id = ec2(run, "instanceId");
  EXPECT_EQ(ec2(run, "instanceId"), id);
  EXPECT_NE(
      ec2("Action=RunInstances&ImageId=ami-0123456789abcdef0&MinCount=1&MaxCount=1", "instanceId"),
      id);
}

TEST_F(CoreInstancesTest, ConfiguredInstancesAreNotTerminated) {
  ASSERT_EQ(apply(config()), "");
  EXPECT_NE(ec2("Action=TerminateInstances&InstanceId.1=" + std::string(kWeb))
                .body.find("OperationNotPermitted"),
            std::string::npos);
  EXPECT_EQ(read("instance-id"), kWeb);
}

TEST_F(CoreInstancesTest, AConfiguredIdComesFirst) {
  ASSERT_EQ(apply(config()), "");
  const std::string id =
      ec2("Action=RunInstances&ImageId=ami-0123456789abcdef0&MinCount=1&MaxCount=1"
          "&InstanceType=c5.large",
          "instanceId");
  const std::string declared = config() + "[[instance]]\nid = \"" + id + "\"\n";
  ASSERT_EQ(apply(declared), "");
  EXPECT_EQ(read("instance-type", id), "t3.micro");
  ASSERT_EQ(apply(config()), "");
  EXPECT_EQ(read("instance-type", id), "c5.large");
}

TEST_F(CoreInstancesTest, OneThatIsDeclaredLaterIsChangedLikeAnyDeclaredOne) {
  ASSERT_EQ(apply(config()), "");
  const std::string id =
      ec2("Action=RunInstances&ImageId=ami-0123456789abcdef0&MinCount=1&MaxCount=1"
          "&IamInstanceProfile.Name=two",
          "instanceId");
  const std::string declared = config() + "[[instance]]\nid = \"" + id + "\"\nprofile = \"one\"\n";
  ASSERT_EQ(apply(declared), "");
  EXPECT_EQ(role(id), "one");
  const std::string replaced =
      ec2("Action=ReplaceIamInstanceProfileAssociation&IamInstanceProfile.Name=two&AssociationId=" +
              association(id),
          "associationId");
  EXPECT_EQ(ec2("Action=CreateTags&Tag.1.Key=a&Tag.1.Value=b&ResourceId.1=" + id, "return"),
            "true");
  const auto expect_changed = [&] {
    EXPECT_EQ(role(id), "two");
    EXPECT_EQ(association(id), replaced);
    EXPECT_EQ(ec2("Action=DescribeTags&Filter.1.Name=resource-id&Filter.1.Value.1=" + id, "value"),
              "b");
    EXPECT_NE(
        ec2("Action=TerminateInstances&InstanceId.1=" + id).body.find("OperationNotPermitted"),
        std::string::npos);
  };
  expect_changed();
  ASSERT_EQ(apply(declared), "");
  expect_changed();
  restart(declared);
  expect_changed();
  // What was said of the declared one is not the other's.
  ASSERT_EQ(apply(config()), "");
  EXPECT_EQ(role(id), "two");
  EXPECT_EQ(ec2("Action=DescribeTags", "value").find("<value>"), std::string::npos);
  EXPECT_EQ(ec2("Action=TerminateInstances&InstanceId.1=" + id, "name"), "shutting-down");
}

TEST_F(CoreInstancesTest, ADiskThatDoesNotTakeItChangesNothing) {
  ASSERT_EQ(apply(config()), "");
  std::filesystem::create_directory(file());  // nothing can be renamed to it
  const auto response =
      ec2("Action=DisassociateIamInstanceProfile&AssociationId=" + association(kWeb));
  EXPECT_EQ(response.status, 500);
  EXPECT_NE(response.body.find("InternalError"), std::string::npos);
  EXPECT_EQ(role(), "one");
}

TEST_F(CoreInstancesTest, ADamagedFileEndsTheStart) {
  ASSERT_TRUE(write_file_atomically(file(), "{"));
  const std::string problem = apply(config());
  EXPECT_NE(problem.find("instances.json"), std::string::npos) << problem;
  EXPECT_NE(problem.find("restore it, or remove it"), std::string::npos) << problem;
}

}  // namespace
}  // namespace imdsd::daemon
