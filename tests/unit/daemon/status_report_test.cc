// SPDX-License-Identifier: MIT
#include "daemon/status_report.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/banner.h"
#include "tests/fakes/manual_clock.h"

namespace imdsd::daemon {
namespace {

using nlohmann::json;
using std::chrono::hours;
using std::chrono::seconds;
constexpr auto kNow = fakes::ManualClock::kStart;

std::shared_ptr<const aws::Credentials> credentials(const char* id, base::SystemTime expiration) {
  auto out = std::make_shared<aws::Credentials>();
  out->access_key_id = id;
  out->secret_access_key = base::Secret("tomato-secret");
  out->session_token = base::Secret("tomato-token");
  out->expiration = expiration;
  return out;
}

sts_client::RotationState rotation(base::SystemTime expiration) {
  sts_client::RotationState state;
  state.sets = sts_client::CredentialSets{credentials("ASIAV1", expiration),
                                          credentials("ASIAV2", expiration), kNow};
  state.last_attempt = kNow;
  state.next_attempt = kNow + hours(5);
  return state;
}

InstanceConfig instance() {
  InstanceConfig config;
  config.name = "web";
  config.peers = {base::IpNetwork::parse("10.0.0.0/24").value()};
  config.description.availability_zone = "us-east-1a";
  config.profile = "app-profile";
  return config;
}

StatusReport report(const sts_client::RotationState* state) {
  StatusReport out;
  out.pid = 42;
  out.started = kNow;
  out.imds_listen = {loopback(1338)};
  out.aws_listen = {loopback(1339)};
  out.account_id = "123456789012";
  out.region = "us-east-1";
  out.instances = {instance_status(instance(), state ? "app-role" : "", state, kNow)};
  out.connections.requests = 7;
  return out;
}

TEST(StatusReport, ValidCredentials) {
  const auto state = rotation(kNow + hours(6));
  const auto text = status_json(report(&state));
  EXPECT_EQ(text.find("tomato"), std::string::npos) << "never a secret";
  const auto status = json::parse(text);
  EXPECT_EQ(status["version"], IMDSD_VERSION);
  EXPECT_EQ(status["pid"], 42);
  EXPECT_EQ(status["started"], "2026-01-01T00:00:00Z");
  EXPECT_EQ(status["auth_mode"], "enforce");
  EXPECT_EQ(status["imds"], json::parse(R"({"listen": ["127.0.0.1:1338"], "http_tokens": "optional",
      "http_endpoint": "enabled", "hop_limit": 2, "unknown_peer": "default", "trusted_proxies": [],
      "instance_header": "X-Imdsd-Instance"})"));
  EXPECT_EQ(status["aws"],
            json::parse(R"({"listen": ["127.0.0.1:1339"], "tls_listen": [], "account_id":
      "123456789012", "region": "us-east-1", "services": ["sts", "iam", "s3", "ec2"]})"));
  EXPECT_EQ(status["instances"], json::parse(R"([{"name": "web", "default": false, "listen": [],
      "peers": ["10.0.0.0/24"], "http_tokens": "optional", "http_endpoint": "enabled",
      "hop_limit": 2, "id": "i-0a1b2c3d4e5f60718", "type": "t3.micro",
      "availability_zone": "us-east-1a", "profile": "app-profile", "role": "app-role",
      "state": "valid", "access_key_ids": {"imdsv1": "ASIAV1", "imdsv2": "ASIAV2"},
      "expiration": "2026-01-01T06:00:00Z", "next_rotation": "2026-01-01T05:00:00Z",
      "last_updated": "2026-01-01T00:00:00Z", "error": null}])"));
  EXPECT_EQ(status["connections"]["requests"], 7);
}

TEST(StatusReport, ExpiryIsExclusive) {
  auto state = rotation(kNow);
  state.failure = base::Error{base::Errc::unavailable, "no luck"};
  const auto status = json::parse(status_json(report(&state)))["instances"][0];
  EXPECT_EQ(status["state"], "expired");
  EXPECT_EQ(status["error"], "no luck");
  EXPECT_EQ(instance_status(instance(), "r", &state, kNow - seconds(1)).state,
            InstanceStatus::State::valid);
}

TEST(StatusReport, FailedAndNone) {
  sts_client::RotationState failed;
  failed.failure = base::Error{base::Errc::access_denied, "not admitted"};
  const auto status = json::parse(status_json(report(&failed)))["instances"][0];
  EXPECT_EQ(status["state"], "failed");
  EXPECT_EQ(status["access_key_ids"], json::parse(R"({"imdsv1": null, "imdsv2": null})"));
  EXPECT_EQ(json::parse(status_json(report(nullptr)))["instances"][0]["state"], "none");
}

TEST(StatusReport, EnvironmentNamesReachableEndpoints) {
  auto r = report(nullptr);
  EXPECT_EQ(json::parse(env_json(r, "").value()),
            json::parse(R"({"metadata_endpoint": "http://127.0.0.1:1338/",
      "aws_endpoint": "http://127.0.0.1:1339", "region": "us-east-1", "hosts": ["127.0.0.1"],
      "credentials_file": ""})"));
  r.imds_listen = {base::SocketAddress::parse("0.0.0.0:80").value()};
  r.aws_listen = {base::SocketAddress::parse("[::]:81").value()};
  EXPECT_EQ(json::parse(env_json(r, "").value()),
            json::parse(R"({"metadata_endpoint": "http://127.0.0.1:80/",
      "aws_endpoint": "http://[::1]:81", "region": "us-east-1", "hosts": ["127.0.0.1", "::1"],
      "credentials_file": ""})"));
  r.aws_tls_listen = {loopback(443)};
  r.ca_file = "/state/ca.pem";
  EXPECT_EQ(json::parse(env_json(r, "").value())["aws_tls_endpoint"], "https://127.0.0.1:443");
  EXPECT_EQ(json::parse(env_json(r, "").value())["ca_file"], "/state/ca.pem");
  r.imds_listen = {base::SocketAddress::parse("10.1.2.3:80").value(),
                   base::SocketAddress::parse("[::1]:80").value(), loopback(82)};
  EXPECT_EQ(json::parse(env_json(r, "").value())["metadata_endpoint"], "http://127.0.0.1:82/");
}

TEST(StatusReport, EnvironmentOfAnInstanceThatHasAnAddressOfItsOwn) {
  auto r = report(nullptr);
  const auto endpoint = [&] {
    return json::parse(env_json(r, "web").value())["metadata_endpoint"].get<std::string>();
  };
  r.instances[0].is_default = true;
  EXPECT_EQ(endpoint(), "http://127.0.0.1:1338/");
  r.instances[0].listen = {loopback(1340)};
  EXPECT_EQ(endpoint(), "http://127.0.0.1:1340/");
  r.instances[0].is_default = false;
  EXPECT_EQ(endpoint(), "http://127.0.0.1:1340/");
  r.instances[0].listen.clear();
  EXPECT_EQ(env_json(r, "web").error().message,
            "instance `web` has no address of its own: use `imdsctl exec --netns`, or give it "
            "`listen`; its `peers` reach it through imds.listen");
  r.instances[0].is_default = true;
  r.routes.unknown_peer = imds::UnknownPeer::refuse;
  EXPECT_FALSE(env_json(r, "web"));
}

/// Times are local; the test's zone is fixed.
class Banner : public testing::Test {
 protected:
  Banner() {
    ::setenv("TZ", "UTC0", 1);
    ::tzset();
  }
};

TEST_F(Banner, IsFiveLines) {
  const auto state = rotation(kNow + hours(6));
  EXPECT_EQ(banner(report(&state), "build/release/imdsctl"),
            "imdsd " IMDSD_VERSION
            "  instance i-0a1b2c3d4e5f60718  us-east-1a  t3.micro  account 123456789012\n"
            "  IMDS  http://127.0.0.1:1338/  IMDSv2 optional, hop limit 2\n"
            "  AWS   http://127.0.0.1:1339   STS, IAM, S3, EC2 (policies enforced)\n"
            "  role  app-role   credentials valid until 06:00:00, next rotation 05:00:00\n"
            "  try:  eval \"$(build/release/imdsctl env)\" && aws sts get-caller-identity\n");
}

TEST_F(Banner, SaysWhatIsNotNormal) {
  auto r = report(nullptr);
  r.auth_mode = iam::AuthMode::audit;
  r.instances[0].options.http_tokens = imds::HttpTokens::required;
  const auto text = banner(r, "imdsctl");
  EXPECT_NE(text.find("IMDSv2 required"), std::string::npos) << text;
  EXPECT_NE(text.find("audit: what policies deny is logged and passes"), std::string::npos) << text;
  EXPECT_NE(text.find("role  none"), std::string::npos) << text;
  sts_client::RotationState failed;
  failed.failure = base::Error{base::Errc::access_denied, "not admitted"};
  r = report(&failed);
  r.auth_mode = iam::AuthMode::off;
  r.instances[0].options.http_endpoint_enabled = false;
  const auto other = banner(r, "imdsctl");
  EXPECT_NE(other.find("endpoint disabled"), std::string::npos) << other;
  EXPECT_NE(other.find("auth off: any key is accepted"), std::string::npos) << other;
  EXPECT_NE(other.find("app-role   no credentials: not admitted"), std::string::npos) << other;
}

TEST_F(Banner, ListsTheFirstOfManyInstances) {
  const auto state = rotation(kNow + hours(6));
  auto r = report(&state);
  r.instances[0].listen = {loopback(1340)};
  auto other = r.instances[0];
  other.name = "database";
  other.listen.clear();
  other.role.clear();
  r.instances.push_back(other);
  EXPECT_EQ(banner(r, "imdsctl"),
            "imdsd " IMDSD_VERSION
            "  2 instances  us-east-1  account 123456789012\n"
            "  IMDS  http://127.0.0.1:1338/  IMDSv2 optional, hop limit 2\n"
            "  AWS   http://127.0.0.1:1339   STS, IAM, S3, EC2 (policies enforced)\n"
            "  web       i-0a1b2c3d4e5f60718  http://127.0.0.1:1340/  role app-role, credentials "
            "valid until 06:00:00, next rotation 05:00:00\n"
            "  database  i-0a1b2c3d4e5f60718  role none\n"
            "  try:  eval \"$(imdsctl env)\" && aws sts get-caller-identity\n");
  r.instances.resize(10'000, other);
  const auto text = banner(r, "imdsctl");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 13);
  EXPECT_NE(text.find("  and 9992 more: imdsctl status\n"), std::string::npos) << text;
}

TEST(ControlCommand, FindsTheProgramAndTheSocket) {
  EXPECT_EQ(control_command("build/release/imdsd", "/s", "/s"), "build/release/imdsctl");
  EXPECT_EQ(control_command("imdsd", "/s", "/s"), "imdsctl");
  EXPECT_EQ(control_command("imdsd", "/other", "/s"), "imdsctl --socket /other");
  EXPECT_EQ(control_command("/a b/imdsd", "/it's", "/s"), "'/a b/imdsctl' --socket '/it'\\''s'");
}

}  // namespace
}  // namespace imdsd::daemon
