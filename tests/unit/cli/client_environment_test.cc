// SPDX-License-Identifier: MIT
#include "cli/client_environment.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace imdsd::cli {
namespace {

const DaemonEndpoints kDaemon{"http://127.0.0.1:1338/",
                              "http://127.0.0.1:1339",
                              "eu-west-1",
                              {"127.0.0.1"},
                              "/state/credentials",
                              "",
                              ""};

/// The value of a variable; "(unset)" when it is to be unset, "(absent)" when nothing is said of
/// it.
std::string value_of(const std::vector<Variable>& variables, const std::string& name) {
  const auto found = std::find_if(variables.begin(), variables.end(),
                                  [&](const auto& variable) { return variable.name == name; });
  return found == variables.end() ? "(absent)" : found->value.value_or("(unset)");
}

TEST(ClientEnvironment, PointsClientsHere) {
  const auto variables = client_environment(kDaemon, {}, {});
  EXPECT_EQ(value_of(variables, "AWS_EC2_METADATA_SERVICE_ENDPOINT"), "http://127.0.0.1:1338/");
  EXPECT_EQ(value_of(variables, "AWS_ENDPOINT_URL"), "http://127.0.0.1:1339");
  EXPECT_EQ(value_of(variables, "AWS_REGION"), "eu-west-1");
  EXPECT_EQ(value_of(variables, "AWS_DEFAULT_REGION"), "eu-west-1");
  EXPECT_EQ(value_of(variables, "AWS_SHARED_CREDENTIALS_FILE"), "/dev/null");
  EXPECT_EQ(value_of(variables, "AWS_CONFIG_FILE"), "/dev/null");
  EXPECT_EQ(value_of(variables, "JAVA_TOOL_OPTIONS"), "(absent)");
}

TEST(ClientEnvironment, UnsetsWhatComesBeforeTheMetadataService) {
  const auto variables = client_environment(kDaemon, {}, {});
  for (const char* name :
       {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN",
        "AWS_EC2_METADATA_DISABLED", "AWS_EC2_METADATA_V1_DISABLED",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"}) {
    EXPECT_EQ(value_of(variables, name), "(unset)") << name;
  }
}

TEST(ClientEnvironment, GivesTheAdministratorsProfileInsteadOfTheInstancesRole) {
  const auto variables = client_environment(kDaemon, {}, {.admin = true});
  EXPECT_EQ(value_of(variables, "AWS_SHARED_CREDENTIALS_FILE"), "/state/credentials");
  EXPECT_EQ(value_of(variables, "AWS_PROFILE"), "imdsd-admin");
  EXPECT_EQ(value_of(variables, "AWS_ACCESS_KEY_ID"), "(unset)");
  EXPECT_EQ(value_of(variables, "AWS_ENDPOINT_URL"), "http://127.0.0.1:1339");
}

TEST(ClientEnvironment, UnsetsFamiliesByWhatIsThere) {
  const base::Environment current = {{"AWS_ENDPOINT_URL", "http://old"},
                                     {"AWS_ENDPOINT_URL_S3", "http://old-s3"},
                                     {"AWS_ENDPOINT_URL_DYNAMODB", ""},
                                     {"AWS_CONTAINER_SOMETHING_NEW", "x"},
                                     {"AWS_PAGER", "less"}};
  const auto variables = client_environment(kDaemon, current, {});
  EXPECT_EQ(value_of(variables, "AWS_ENDPOINT_URL_S3"), "(unset)");
  EXPECT_EQ(value_of(variables, "AWS_ENDPOINT_URL_DYNAMODB"), "(unset)");
  EXPECT_EQ(value_of(variables, "AWS_CONTAINER_SOMETHING_NEW"), "(unset)");
  EXPECT_EQ(value_of(variables, "AWS_ENDPOINT_URL"), "http://127.0.0.1:1339");
  EXPECT_EQ(value_of(variables, "AWS_PAGER"), "(absent)");
}

struct ProxyCase {
  std::string_view name;
  base::Environment current;
  std::string lower, upper;
};
void PrintTo(const ProxyCase& c, std::ostream* out) {
  *out << c.name;
}

class ProxyExceptions : public testing::TestWithParam<ProxyCase> {};

TEST_P(ProxyExceptions, KeepWhatIsThereAndAddOurs) {
  const auto variables = client_environment(kDaemon, GetParam().current, {});
  EXPECT_EQ(value_of(variables, "no_proxy"), GetParam().lower);
  EXPECT_EQ(value_of(variables, "NO_PROXY"), GetParam().upper);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ProxyExceptions,
    testing::Values(ProxyCase{"Empty", {}, "127.0.0.1", "127.0.0.1"},
                    ProxyCase{"Each",
                              {{"no_proxy", "a.b"}, {"NO_PROXY", "c.d, e.f"}},
                              "a.b,127.0.0.1",
                              "c.d,e.f,127.0.0.1"},
                    ProxyCase{"OneOnly", {{"no_proxy", "a.b"}}, "a.b,127.0.0.1", "a.b,127.0.0.1"},
                    ProxyCase{
                        "NoDuplicate", {{"no_proxy", "127.0.0.1,x"}}, "127.0.0.1,x", "127.0.0.1,x"},
                    ProxyCase{"Everything", {{"NO_PROXY", "*"}}, "*", "*"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ClientEnvironment, JavaOptionsAreAddedOnce) {
  const std::string ours =
      "-Dcom.amazonaws.sdk.ec2MetadataServiceEndpointOverride=http://127.0.0.1:1338 "
      "-Daws.ec2MetadataServiceEndpoint=http://127.0.0.1:1338";
  EXPECT_EQ(value_of(client_environment(kDaemon, {}, {.java = true}), "JAVA_TOOL_OPTIONS"), ours);
  const base::Environment current = {
      {"JAVA_TOOL_OPTIONS", "-Xmx1g -Daws.ec2MetadataServiceEndpoint=http://old  -ea"}};
  EXPECT_EQ(value_of(client_environment(kDaemon, current, {.java = true}), "JAVA_TOOL_OPTIONS"),
            "-Xmx1g -ea " + ours);
}

TEST(ClientEnvironment, TlsNamesTheEndpointAndWhomToTrust) {
  DaemonEndpoints daemon = kDaemon;
  daemon.aws_tls_endpoint = "https://127.0.0.1:1343";
  daemon.ca_file = "/state/ca.pem";
  const auto plain = client_environment(daemon, {}, {});
  EXPECT_EQ(value_of(plain, "AWS_ENDPOINT_URL"), kDaemon.aws_endpoint);
  EXPECT_EQ(value_of(plain, "AWS_CA_BUNDLE"), "(absent)");
  const auto tls = client_environment(daemon, {}, {.tls = true});
  EXPECT_EQ(value_of(tls, "AWS_ENDPOINT_URL"), "https://127.0.0.1:1343");
  EXPECT_EQ(value_of(tls, "AWS_CA_BUNDLE"), "/state/ca.pem");
  EXPECT_EQ(value_of(tls, "NODE_EXTRA_CA_CERTS"), "/state/ca.pem");
}

TEST(DaemonEndpoints, OfTlsComeWithTheirAuthority) {
  const std::string start = R"({"metadata_endpoint":"m","aws_endpoint":"a","region":"r",)"
                            R"("hosts":[],"credentials_file":"/c","aws_tls_endpoint":"https://t")";
  EXPECT_FALSE(DaemonEndpoints::parse(start + "}"));
  EXPECT_EQ(DaemonEndpoints::parse(start + R"(,"ca_file":"/f"})")->ca_file, "/f");
}

TEST(DaemonEndpoints, AreParsedOrRefused) {
  const std::string whole =
      R"({"metadata_endpoint":"http://m/","aws_endpoint":"http://a","region":"r",)"
      R"("hosts":["h"],"credentials_file":"/c"})";
  const auto parsed = DaemonEndpoints::parse(whole);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->metadata_endpoint, "http://m/");
  EXPECT_EQ(parsed->hosts, std::vector<std::string>{"h"});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(DaemonEndpoints::parse(whole.substr(0, size))) << size;
  }
  EXPECT_FALSE(DaemonEndpoints::parse("[]"));
  EXPECT_FALSE(DaemonEndpoints::parse(
      R"({"metadata_endpoint":1,"aws_endpoint":"http://a","region":"r","hosts":[]})"));
  EXPECT_FALSE(DaemonEndpoints::parse(
      R"({"metadata_endpoint":"m","aws_endpoint":"http://a","region":"r","hosts":[1]})"));
}

}  // namespace
}  // namespace imdsd::cli
