// SPDX-License-Identifier: MIT
#include "cli/exec_netns.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace imdsd::cli {
namespace {

DaemonEndpoints daemon() {
  DaemonEndpoints out;
  out.metadata_endpoint = "http://10.0.0.5:8080/";
  out.aws_endpoint = "http://10.0.0.5:1339";
  out.aws_tls_endpoint = "https://[::1]:1343";
  out.region = "eu-west-1";
  out.hosts = {"10.0.0.5"};
  out.ca_file = "/ca.pem";
  return out;
}

/// Nothing for a variable that the plan does not name; "" for one to be unset.
std::optional<std::string> value_of(const NamespacePlan& plan, const std::string& name) {
  const auto found = std::find_if(plan.variables.begin(), plan.variables.end(),
                                  [&](const Variable& each) { return each.name == name; });
  if (found == plan.variables.end()) return std::nullopt;
  return found->value.value_or("");
}

NamespacePort port(const std::string& service, const std::string& address) {
  return {service, base::SocketAddress::parse(address).value()};
}

TEST(PlanNamespace, HasTheAddressesThatClientsKnowAndTheApisOnItsLoopback) {
  const auto plan = plan_namespace(daemon(), {}, {}, {}).value();
  EXPECT_EQ(plan.ports, (std::vector<NamespacePort>{port("imds", "169.254.169.254:80"),
                                                    port("imds", "[fd00:ec2::254]:80"),
                                                    port("aws", "127.0.0.1:1339")}));
  EXPECT_EQ(plan.aws_endpoint, "http://127.0.0.1:1339");
  EXPECT_EQ(value_of(plan, "AWS_ENDPOINT_URL"), "http://127.0.0.1:1339");
}

TEST(PlanNamespace, LeavesTheMetadataEndpointToTheClients) {
  const auto plan =
      plan_namespace(daemon(), {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://a/"}}, {}, {})
          .value();
  EXPECT_EQ(value_of(plan, "AWS_EC2_METADATA_SERVICE_ENDPOINT"), "");
  EXPECT_EQ(value_of(plan, "AWS_EC2_METADATA_DISABLED"), "");
}

TEST(PlanNamespace, KeepsItsAddressesFromAProxy) {
  const auto plan = plan_namespace(daemon(), {{"no_proxy", "intranet"}}, {}, {}).value();
  EXPECT_EQ(value_of(plan, "no_proxy"), "intranet,127.0.0.1,169.254.169.254,fd00:ec2::254");
}

TEST(PlanNamespace, HasTheAgentsOfContainersWhereTheirDoorsAreOpen) {
  const auto plan = plan_namespace(daemon(), {}, {}, {.ecs = true, .eks = true}).value();
  EXPECT_EQ(plan.ports, (std::vector<NamespacePort>{
                            port("imds", "169.254.169.254:80"), port("imds", "[fd00:ec2::254]:80"),
                            port("ecs", "169.254.170.2:80"), port("eks", "169.254.170.23:80"),
                            port("eks", "[fd00:ec2::23]:80"), port("aws", "127.0.0.1:1339")}));
  EXPECT_EQ(value_of(plan, "no_proxy"),
            "127.0.0.1,169.254.169.254,fd00:ec2::254,169.254.170.2,169.254.170.23,fd00:ec2::23");
  EXPECT_EQ(value_of(plan, "AWS_CONTAINER_CREDENTIALS_FULL_URI"), "") << "the program is no task";
}

TEST(PlanNamespace, OverHttpsWhereThatWasAskedFor) {
  Audience audience;
  audience.tls = true;
  const auto plan = plan_namespace(daemon(), {}, audience, {}).value();
  EXPECT_EQ(plan.ports.back(), port("aws-tls", "127.0.0.1:1343"));
  EXPECT_EQ(value_of(plan, "AWS_ENDPOINT_URL"), "https://127.0.0.1:1343");
  EXPECT_EQ(value_of(plan, "AWS_CA_BUNDLE"), "/ca.pem");
}

TEST(PlanNamespace, AnEndpointThatIsNoUrlIsAnError) {
  auto strange = daemon();
  strange.aws_endpoint = "somewhere";
  EXPECT_FALSE(plan_namespace(strange, {}, {}, {}));
}

}  // namespace
}  // namespace imdsd::cli
