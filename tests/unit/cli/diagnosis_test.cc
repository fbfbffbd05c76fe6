// SPDX-License-Identifier: MIT
#include "cli/diagnosis.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/fakes/fake_machine.h"

namespace imdsd::cli {
namespace {

using reach::Machine;
using reach::Route;
using Level = Finding::Level;

constexpr const char* kId = "i-0a1b2c3d4e5f60718";
constexpr const char* kV4 = "http://169.254.169.254/";
constexpr const char* kV6 = "http://[fd00:ec2::254]/";
constexpr const char* kOwn = "http://127.0.0.1:1338/";

base::SocketAddress at(std::string_view text) {
  return *base::SocketAddress::parse(text);
}

/// A laptop after `imdsctl up`, where everything is as it should be.
Situation healthy() {
  Situation out;
  out.daemon.running = true;
  out.daemon.version = "0.1.0";
  out.daemon.metadata_endpoint = kOwn;
  out.daemon.aws_endpoint = "http://127.0.0.1:1339";
  out.daemon.doors.imds = {at("127.0.0.1:1338")};
  out.daemon.doors.ecs = {at("127.0.0.1:1341")};
  out.daemon.instances = {{kId, "app-role", "valid", ""}};
  reach::FakeMachine fake;
  const reach::Doors doors = out.daemon.doors;
  const auto ways = *reach::choose_ways({}, doors);
  (void)reach::bring_up(fake, reach::plan(fake.machine, {}, ways, {}), [](const auto&) {});
  out.machine = fake.machine;
  out.machine.routes[0] = Route{
      .kind = Route::Kind::local, .to = reach::imds_v4(), .interface = "lo", .prefix_length = 32};
  out.machine.listeners = {{at("127.0.0.1:1338"), ""}};
  out.made = fake.record.steps;
  out.answers = {{kV4, kId, ""}};
  return out;
}

/// The same before `up`.
Situation down() {
  auto out = healthy();
  out.machine = reach::laptop();
  out.made = {};
  out.answers = {};
  return out;
}

Situation with_variable(Situation out, std::string value, Answer answer) {
  out.client.environment[kEndpointVariable] = std::move(value);
  out.answers.push_back(std::move(answer));
  return out;
}

const ClientRoute& route(const Diagnosis& diagnosis, const std::string& name) {
  for (const auto& each : diagnosis.routes) {
    if (each.name == name) return each;
  }
  throw std::out_of_range(name);
}

TEST(Diagnose, NothingIsWrong) {
  const auto diagnosis = diagnose(healthy());
  EXPECT_TRUE(diagnosis.healthy());
  EXPECT_TRUE(diagnosis.findings.empty()) << diagnosis.findings[0].text;
  EXPECT_TRUE(route(diagnosis, kV4).works);
  EXPECT_EQ(route(diagnosis, kV4).detail, std::string("answers as ") + kId);
  EXPECT_EQ(route(diagnosis, kV6),
            (ClientRoute{kV6, false,
                         "no interface of this machine has the address: sudo imdsctl "
                         "up --ipv6"}));
  EXPECT_EQ(route(diagnosis, kEndpointVariable).detail, "not set");
}

TEST(Diagnose, TheVariableAloneIsEnough) {
  const auto diagnosis = diagnose(with_variable(down(), kOwn, {kOwn, kId, ""}));
  EXPECT_TRUE(diagnosis.healthy());
  EXPECT_TRUE(route(diagnosis, kEndpointVariable).works);
  EXPECT_FALSE(route(diagnosis, kV4).works);
}

TEST(Diagnose, AnotherRouteIsNoHelpToClients) {
  const auto diagnosis = diagnose(
      with_variable(healthy(), "http://127.0.0.1:9/", {"http://127.0.0.1:9/", {}, "refused"}));
  EXPECT_TRUE(route(diagnosis, kV4).works);
  ASSERT_EQ(diagnosis.findings.size(), 1U);
  EXPECT_EQ(diagnosis.findings[0].text,
            "AWS clients of this shell ask AWS_EC2_METADATA_SERVICE_ENDPOINT, which does not work: "
            "refused; imdsd is at http://127.0.0.1:1338/");
}

struct RouteCase {
  std::string_view name;
  Situation situation;
  const char* route;
  std::string_view detail;
};
void PrintTo(const RouteCase& c, std::ostream* out) {
  *out << c.name;
}

class BrokenRoute : public testing::TestWithParam<RouteCase> {};

TEST_P(BrokenRoute, SaysWhy) {
  const auto diagnosis = diagnose(GetParam().situation);
  const auto& found = route(diagnosis, GetParam().route);
  EXPECT_FALSE(found.works);
  EXPECT_NE(found.detail.find(GetParam().detail), std::string::npos) << found.detail;
  EXPECT_FALSE(diagnosis.healthy());
}

Situation changed(Situation situation, void (*change)(Situation&)) {
  change(situation);
  return situation;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BrokenRoute,
    testing::Values(
        RouteCase{"NoAddress", down(), kV4, "no interface of this machine has the address"},
        RouteCase{"OnEthernet",
                  changed(down(),
                          [](Situation& s) {
                            s.machine.interfaces[1].addresses.push_back({reach::imds_v4(), 16});
                          }),
                  kV4, "`eth0` has the address, not by imdsctl up; it was not connected to"},
        RouteCase{"RouteElsewhere",
                  changed(down(), [](Situation& s) { s.machine.routes[0].prefix_length = 32; }),
                  kV4, "a route leads there by `eth0` via 192.168.1.1: somebody else's service"},
        RouteCase{"NothingOnPort80",
                  changed(healthy(),
                          [](Situation& s) {
                            s.made = {};
                            s.answers = {{kV4, std::nullopt, "refused"}};
                          }),
                  kV4, "nothing listens on port 80: sudo imdsctl up"},
        RouteCase{"PortHasMoved",
                  changed(healthy(),
                          [](Situation& s) {
                            s.machine.listeners = {{at("127.0.0.1:4711"), ""}};
                            s.daemon.doors.imds = {at("127.0.0.1:4711")};
                            s.answers = {{kV4, std::nullopt, "refused"}};
                          }),
                  kV4,
                  "port 80 leads to 127.0.0.1:1338, where nothing listens; imdsd is at "
                  "127.0.0.1:4711"},
        RouteCase{"NoDaemonBehindIt",
                  changed(healthy(),
                          [](Situation& s) {
                            s.daemon = {.error = "no imdsd answers"};
                            s.machine.listeners = {};
                            s.answers = {{kV4, std::nullopt, "refused"}};
                          }),
                  kV4, "port 80 leads to 127.0.0.1:1338, where nothing listens"},
        RouteCase{"NoAnswer",
                  changed(healthy(),
                          [](Situation& s) {
                            s.answers = {{kV4, std::nullopt, "timed out"}};
                          }),
                  kV4, "timed out"},
        RouteCase{"SomebodyElse",
                  changed(healthy(),
                          [](Situation& s) {
                            s.answers = {{kV4, "i-1", ""}};
                          }),
                  kV4, "another instance answers, `i-1`"},
        RouteCase{"VariableElsewhere", with_variable(healthy(), "http://10.0.0.1/", {}),
                  kEndpointVariable, "not known to be ours; it was not connected to"},
        RouteCase{"VariableIsNoUrl", with_variable(healthy(), "127.0.0.1:1338", {}),
                  kEndpointVariable, "is set to what is no URL"},
        RouteCase{"Ipv6Mode",
                  changed(healthy(),
                          [](Situation& s) {
                            s.client.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
                          }),
                  kV6, "no interface of this machine has the address: sudo imdsctl up --ipv6"}),
    [](const auto& test) { return std::string(test.param.name); });

struct FindingCase {
  std::string_view name;
  void (*change)(Situation&);
  std::string_view id, words;
  Level level = Level::problem;
};
void PrintTo(const FindingCase& c, std::ostream* out) {
  *out << c.name;
}

class Findings : public testing::TestWithParam<FindingCase> {};

TEST_P(Findings, SayWhatIsSoAndWhatToDo) {
  auto situation = healthy();
  GetParam().change(situation);
  const auto diagnosis = diagnose(situation);
  ASSERT_EQ(diagnosis.findings.size(), 1U);
  const auto& found = diagnosis.findings[0];
  EXPECT_EQ(found.id, GetParam().id);
  EXPECT_EQ(found.level, GetParam().level);
  EXPECT_EQ(diagnosis.healthy(), found.level == Level::note);
  EXPECT_NE(found.text.find(GetParam().words), std::string::npos) << found.text;
  for (const auto& text :
       {diagnosis_text(situation, diagnosis), diagnosis_json(situation, diagnosis)}) {
    EXPECT_EQ(text.find("tomato"), std::string::npos) << "values stay where they are: " << text;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Client, Findings,
    testing::Values(
        FindingCase{"Keys",
                    [](Situation& s) { s.client.environment["AWS_ACCESS_KEY_ID"] = "tomato"; },
                    "hidden-by-variable", "AWS_ACCESS_KEY_ID is set: static keys come before"},
        FindingCase{"Profile", [](Situation& s) { s.client.environment["AWS_PROFILE"] = "tomato"; },
                    "hidden-by-variable", "AWS_PROFILE is set"},
        FindingCase{"Administrator",
                    [](Situation& s) { s.client.environment["AWS_PROFILE"] = "imdsd-admin"; },
                    "administrator", "this shell is the administrator", Level::note},
        FindingCase{
            "WebIdentity",
            [](Situation& s) { s.client.environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = "tomato"; },
            "hidden-by-variable", "AWS_WEB_IDENTITY_TOKEN_FILE is set"},
        FindingCase{"Container",
                    [](Situation& s) {
                      s.client.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] =
                          "http://localhost:99/tomato";
                    },
                    "hidden-by-variable", "AWS_CONTAINER_CREDENTIALS_FULL_URI is set"},
        FindingCase{"RelativeUri",
                    [](Situation& s) {
                      s.client.environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/tomato";
                    },
                    "hidden-by-variable", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is set"},
        FindingCase{"OurDoor",
                    [](Situation& s) {
                      s.client.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] =
                          "http://127.0.0.1:1341/tomato";
                    },
                    "container-door", "leads to imdsd", Level::note},
        FindingCase{
            "Disabled",
            [](Situation& s) { s.client.environment["AWS_EC2_METADATA_DISABLED"] = "TRUE"; },
            "metadata-disabled", "AWS_EC2_METADATA_DISABLED is true"},
        FindingCase{
            "KeysInAFile",
            [](Situation& s) {
              s.client.profiles = {{"/h/.aws/credentials", {"region", "aws_access_key_id"}}};
            },
            "hidden-by-profile",
            "`/h/.aws/credentials` has aws_access_key_id in the profile `default`"},
        FindingCase{"ProcessInAFile",
                    [](Situation& s) {
                      s.client.profiles = {{"/h/.aws/config", {"credential_process"}}};
                    },
                    "hidden-by-profile", "credential_process"},
        FindingCase{"Proxy",
                    [](Situation& s) {
                      s.client.environment = {{"http_proxy", "tomato"}, {"no_proxy", "localhost"}};
                    },
                    "proxy", "http_proxy is set, and no_proxy does not except 169.254.169.254"},
        FindingCase{
            "ProxyForNetworks",
            [](Situation& s) {
              s.client.environment = {{"HTTP_PROXY", "tomato"}, {"NO_PROXY", "169.254.0.0/16"}};
            },
            "proxy", "HTTP_PROXY is set"},
        FindingCase{"OldCli", [](Situation& s) { s.client.aws_version = "aws-cli/2.9.19 x"; },
                    "old-cli", "does not know AWS_ENDPOINT_URL", Level::note},
        FindingCase{"OldBotocore", [](Situation& s) { s.client.botocore_version = "1.29.27"; },
                    "old-sdk", "does not know AWS_ENDPOINT_URL", Level::note},
        FindingCase{"OlderBotocore",
                    [](Situation& s) {
                      s = with_variable(s, kOwn, {kOwn, kId, ""});
                      s.client.botocore_version = "1.18.0";
                    },
                    "old-sdk", "does not know AWS_EC2_METADATA_SERVICE_ENDPOINT"},
        FindingCase{"NoSlash",
                    [](Situation& s) {
                      s = with_variable(s, "http://127.0.0.1:1338", {kOwn, kId, ""});
                    },
                    "no-slash", "does not end in a slash", Level::note}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Machine, Findings,
    testing::Values(
        FindingCase{"Disabled", [](Situation& s) { s.daemon.http_endpoint = false; },
                    "imds-disabled", "switched off"},
        FindingCase{"Failed",
                    [](Situation& s) {
                      s.daemon.instances[0].state = "failed";
                      s.daemon.instances[0].error = "AccessDenied";
                    },
                    "no-credentials", "no valid credentials (failed): AccessDenied"},
        FindingCase{"NoRole", [](Situation& s) { s.daemon.instances[0].role = ""; }, "no-role",
                    "has no role", Level::note},
        FindingCase{"TokensRequired", [](Situation& s) { s.daemon.tokens_required = true; },
                    "tokens-required", "IMDSv1 alone are refused", Level::note},
        FindingCase{"HopLimit", [](Situation& s) { s.daemon.hop_limit = 1; }, "hop-limit",
                    "hop limit of 1", Level::note},
        FindingCase{"InterruptedUp",
                    [](Situation& s) {
                      s.made.push_back({.kind = reach::Step::Kind::address,
                                        .interface = "lo",
                                        .address = reach::imds_v6()});
                    },
                    "up-incomplete", "`ip address add fd00:ec2::254/128 dev lo"},
        FindingCase{"Firewall",
                    [](Situation& s) {
                      s.machine.filter.nft += "table ip f {\n ip daddr 169.254.169.254 drop\n}\n";
                    },
                    "firewall", "`ip daddr 169.254.169.254 drop`", Level::note},
        FindingCase{"Ec2", [](Situation& s) { s.machine.dmi.sys_vendor = "Amazon EC2"; }, "cloud",
                    "this machine is of EC2", Level::note}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Diagnose, AFirewallThatIsInTheWayIsAProblem) {
  auto situation = healthy();
  situation.machine.filter.nft += "table ip f {\n ip daddr 169.254.169.254 reject\n}\n";
  situation.answers = {{kV4, std::nullopt, "refused"}};
  const auto diagnosis = diagnose(situation);
  ASSERT_EQ(diagnosis.findings.size(), 2U);
  EXPECT_EQ(diagnosis.findings[1].id, "firewall");
  EXPECT_EQ(diagnosis.findings[1].level, Level::problem);
}

TEST(Diagnose, InAContainer) {
  auto situation = with_variable(down(), kOwn, {kOwn, kId, ""});
  situation.machine.container = true;
  const auto diagnosis = diagnose(situation);
  ASSERT_EQ(diagnosis.findings.size(), 1U);
  EXPECT_EQ(diagnosis.findings[0].id, "container");
}

TEST(Diagnose, WithoutRootRulesThatCannotBeSeenAreTakenForThere) {
  auto situation = healthy();
  situation.machine.filter = {};
  EXPECT_TRUE(diagnose(situation).findings.empty());
  situation.answers = {{kV4, std::nullopt, "timed out"}};
  const auto diagnosis = diagnose(situation);
  ASSERT_EQ(diagnosis.findings.size(), 2U);
  EXPECT_EQ(diagnosis.findings[1].id, "filter-unseen");
}

TEST(Diagnose, CredentialsOfOtherInstancesAreNoneOfItsBusiness) {
  auto situation = healthy();
  situation.daemon.instances.push_back({"i-1", "db-role", "failed", ""});
  EXPECT_TRUE(diagnose(situation).findings.empty());
  situation = down();
  situation.daemon.instances.push_back({"i-1", "db-role", "failed", ""});
  EXPECT_EQ(diagnose(situation).findings[0].id, "no-credentials");
}

TEST(Diagnose, NamespacesAreAWayForOneProgram) {
  auto situation = down();
  constexpr const char* kName = "imdsctl exec --netns -- CMD";
  EXPECT_TRUE(route(diagnose(situation), kName).works);
  situation.machine.namespaces_obstacle = "sysctl user.max_user_namespaces is 0";
  EXPECT_EQ(route(diagnose(situation), kName),
            (ClientRoute{kName, false, "sysctl user.max_user_namespaces is 0"}));
  situation = down();
  situation.daemon = {.error = "no imdsd answers"};
  EXPECT_FALSE(route(diagnose(situation), kName).works);
}

TEST(Diagnose, ADaemonThatDoesNotRunIsOneProblem) {
  auto situation = down();
  situation.daemon = {.error = "no imdsd answers; tried\n  /run/imdsd/admin.sock"};
  const auto diagnosis = diagnose(situation);
  ASSERT_EQ(diagnosis.findings.size(), 1U);
  EXPECT_EQ(diagnosis.findings[0].id, "no-daemon");
  EXPECT_NE(diagnosis_text(situation, diagnosis).find("  no imdsd answers; tried\n    /run/imdsd"),
            std::string::npos);
}

TEST(Diagnosis, AdvisesWhatLeadsToTheInstance) {
  auto diagnosis = diagnose(down());
  const auto of_all = diagnosis;
  name_instance(diagnosis, "");
  EXPECT_EQ(diagnosis.findings, of_all.findings);
  name_instance(diagnosis, "db");
  EXPECT_EQ(diagnosis.routes[1].detail, of_all.routes[1].detail + " --instance db");
  ASSERT_EQ(diagnosis.findings.size(), 1U);
  EXPECT_EQ(diagnosis.findings[0].remedy,
            "eval \"$(imdsctl env --instance db)\"   # or, for everything on this machine: sudo "
            "imdsctl up --instance db");
}

TEST(Diagnosis, AsJson) {
  const auto situation = healthy();
  const auto json = nlohmann::json::parse(diagnosis_json(situation, diagnose(situation)));
  EXPECT_EQ(json["healthy"], true);
  EXPECT_EQ(json["client_url"], kV4);
  EXPECT_EQ(json["routes"][1]["works"], true);
  EXPECT_EQ(json["findings"].size(), 0U);
}

TEST(DaemonFacts, AreReadFromBothAnswers) {
  const auto facts = parse_daemon_facts(
      R"({"version":"0.1.0","imds":{"listen":["127.0.0.1:1338"],"http_tokens":"required",)"
      R"("http_endpoint":"disabled","hop_limit":1},"instances":[{"id":"i-1","role":null,)"
      R"("state":"none","error":null}]})",
      R"({"metadata_endpoint":"http://127.0.0.1:1338/"})");
  ASSERT_TRUE(facts);
  EXPECT_TRUE(facts->running && facts->tokens_required && !facts->http_endpoint);
  EXPECT_EQ(facts->hop_limit, 1);
  EXPECT_EQ(facts->doors.imds.size(), 1U);
  ASSERT_EQ(facts->instances.size(), 1U);
  EXPECT_EQ(facts->instances[0].id + facts->instances[0].role, "i-1");
  EXPECT_EQ(facts->metadata_endpoint, kOwn);
  EXPECT_FALSE(parse_daemon_facts("", ""));
  EXPECT_TRUE(parse_daemon_facts(R"({"imds":[],"instances":[1]})", ""));
}

}  // namespace
}  // namespace imdsd::cli
