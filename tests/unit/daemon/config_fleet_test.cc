// SPDX-License-Identifier: MIT
#include "daemon/config_fleet.h"

#include <gtest/gtest.h>

#include "config_fixture.h"
#include "daemon/instance_name.h"

namespace imdsd::daemon {
namespace {

struct Case {
  const char* name;
  const char* text;
  const char* problems;
};

class ConfigFleet : public testing::TestWithParam<Case> {};

TEST_P(ConfigFleet, TellsWhatIsWrongAndWhere) {
  EXPECT_EQ(TestConfig{GetParam().text}.problems(), GetParam().problems);
}

INSTANTIATE_TEST_SUITE_P(
    All, ConfigFleet,
    testing::Values(
        Case{"NeitherNameNorId", "[[instance]]\n[[instance]]\ntype = \"t3.large\"\n",
             "config.toml:2:1: instance.1.id: `i-0a1b2c3d4e5f60718` is that of another instance: "
             "give this one a `name` or an `id`\n"},
        Case{"SameId", "[[instance]]\nid = \"i-0a1b2c3d\"\n[[instance]]\nid = \"i-0a1b2c3d\"\n",
             "config.toml:4:6: instance.1.id: `i-0a1b2c3d` is that of another instance\n"},
        Case{"SameName",
             "[[instance]]\nname = \"a\"\n[[instance]]\nname = \"a\"\nid = \"i-0a1b2c3d\"\n",
             "config.toml:4:8: instance.1.name: `a` is that of another instance\n"},
        Case{"NameThatIsAnId",
             "[[instance]]\nid = \"i-0a1b2c3d\"\n[[instance]]\nname = \"i-0a1b2c3d\"\n",
             "config.toml:4:8: instance.1.name: `i-0a1b2c3d` is that of another instance\n"},
        Case{"BadName", "[[instance]]\nname = \"a b\"\n",
             "config.toml:2:8: instance.0.name: must be 1 to 64 letters, digits and `-_.`, a "
             "letter or digit first (got `a b`)\n"},
        Case{"PeersTwice",
             "[[instance]]\nname = \"a\"\npeers = [\"10.0.0.0/24\", \"::1\"]\n"
             "[[instance]]\nname = \"b\"\npeers = [\"10.0.0.0/25\",\n  \"::ffff:10.0.0.0/120\"]\n",
             "config.toml:7:3: instance.1.peers: `10.0.0.0/24` belongs to instance `a` already\n"},
        Case{"PeersTwiceInOne", "[[instance]]\npeers = [\"10.0.0.1\", \"10.0.0.1/32\"]\n",
             "config.toml:2:9: instance.0.peers: names `10.0.0.1` twice\n"},
        Case{"PeersThatAreNoNetwork", "[[instance]]\npeers = [\"10.0.0.5/24\"]\n",
             "config.toml:2:9: instance.0.peers: `10.0.0.5/24` is an address in `10.0.0.0/24`, not "
             "a network\n"},
        Case{"ListenersTwice",
             "[[instance]]\nname = \"a\"\nlisten = [\"127.0.0.1:1340\"]\n[[instance]]\nname = "
             "\"b\"\nlisten = [\"127.0.0.1:0\", \"127.0.0.1:1340\", \"127.0.0.1:1338\"]\n",
             "config.toml:6:26: instance.1.listen: `127.0.0.1:1340` belongs to instance `a` "
             "already\n"
             "config.toml:6:44: instance.1.listen: `127.0.0.1:1338` belongs to imds.listen "
             "already\n"},
        Case{"NoAddress",
             "[imds]\nlisten = []\n[[instance]]\nname = \"a\"\nlisten = [\"127.0.0.1:1340\"]\n"
             "[[instance]]\nname = \"b\"\npeers = [\"10.0.0.1\"]\n",
             "config.toml:2:10: imds.listen: must name at least one address: instance `b` has no "
             "`listen` of its own\n"},
        Case{"TwoDefaults",
             "[[instance]]\nname = \"a\"\ndefault = true\n[[instance]]\nname = \"b\"\ndefault = "
             "true\n",
             "config.toml:6:11: instance.1.default: instance `a` is the default already\n"},
        Case{"NobodyIsAnswered", "[imds]\nunknown_peer = \"refuse\"\n",
             "config.toml:2:16: imds.unknown_peer: `refuse` refuses every request: no instance has "
             "`peers` or `listen`, and there are no imds.trusted_proxies\n"},
        Case{"UnknownPeer", "[imds]\nunknown_peer = \"first\"\n",
             "config.toml:2:16: imds.unknown_peer: must be `default` or `refuse` (got `first`)\n"},
        Case{"BadHeader", "[imds]\ninstance_header = \"X Instance\"\n",
             "config.toml:2:19: imds.instance_header: must be the name of a header, such as "
             "`X-Imdsd-Instance` (got `X Instance`)\n"},
        Case{"BadProxy", "[imds]\ntrusted_proxies = [\"proxy.local\"]\n",
             "config.toml:2:19: imds.trusted_proxies: `proxy.local` is not an IP address\n"},
        Case{"BadHopLimit", "[[instance]]\nhop_limit = 65\n",
             "config.toml:2:13: instance.0.hop_limit: must be 1..64 (got 65)\n"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(ConfigFleetListen, MayBeEmptyWhereAllHaveTheirOwn) {
  const TestConfig config{
      "[imds]\nlisten = []\n[[instance]]\nname = \"a\"\nlisten = [\"127.0.0.1:1340\"]\n"
      "[[instance]]\nname = \"b\"\nlisten = [\"127.0.0.1:1341\"]\n"};
  EXPECT_TRUE(config.config().imds.listen.empty());
}

TEST(ConfigFleetNames, TheIdFollowsFromTheNameAndNotFromThePlace) {
  const auto ids = [](const std::string& text) {
    std::map<std::string, std::string> out;
    for (const auto& instance : TestConfig{text}.config().instances) {
      out.emplace(instance.name, instance.description.id);
    }
    return out;
  };
  const std::string a = "[[instance]]\nname = \"a\"\n", b = "[[instance]]\nname = \"b\"\n";
  EXPECT_EQ(ids(a + b), ids(b + a));
  EXPECT_EQ(ids(a).at("a"), id_of_name("a"));
  EXPECT_EQ(id_of_name("a"), "i-0c76e59531fa8a258") << "the same at each start";
  EXPECT_EQ(ids(a + "id = \"i-0a1b2c3d\"\n").at("a"), "i-0a1b2c3d");
  EXPECT_EQ(ids("").at("i-0a1b2c3d4e5f60718"), "i-0a1b2c3d4e5f60718") << "the name is the id";
}

TEST(ConfigFleetOptions, AreThoseOfImdsUnlessTheInstanceHasItsOwn) {
  const auto config =
      TestConfig{
          "[imds]\nhttp_tokens = \"required\"\nhop_limit = 3\n"
          "[[instance]]\nname = \"a\"\n"
          "[[instance]]\nname = \"b\"\nhttp_tokens = \"optional\"\nhop_limit = 1\n"
          "http_endpoint = \"disabled\"\ninstance_metadata_tags = \"enabled\"\n"}
          .config();
  const auto& a = config.instances.at(0).options;
  EXPECT_EQ(a.http_tokens, imds::HttpTokens::required);
  EXPECT_EQ(a.hop_limit, 3);
  EXPECT_TRUE(a.http_endpoint_enabled);
  const auto& b = config.instances.at(1);
  EXPECT_EQ(b.options.http_tokens, imds::HttpTokens::optional);
  EXPECT_EQ(b.options.hop_limit, 1);
  EXPECT_FALSE(b.options.http_endpoint_enabled);
  EXPECT_TRUE(b.description.instance_metadata_tags);
  EXPECT_FALSE(config.instances.at(0).description.instance_metadata_tags);
}

TEST(ConfigFleetProfile, IsThatOfTheOnlyRoleElseThatOfTheName) {
  const std::string instances = "[[instance]]\nname = \"web\"\n[[instance]]\nname = \"db\"\n";
  const auto profiles = [&](const std::string& roles) {
    const auto config = TestConfig{instances + roles}.config();
    return std::pair(config.instances.at(0).profile, config.instances.at(1).profile);
  };
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(profiles(role_toml("app")), Pair("app", "app"));
  EXPECT_EQ(profiles(role_toml("web") + role_toml("app")), Pair("web", ""));
  EXPECT_EQ(profiles(role_toml("web") + role_toml("db")), Pair("web", "db"));
}

TEST(ConfigFleetRoutes, AreRead) {
  const auto config =
      TestConfig{
          "[imds]\nunknown_peer = \"refuse\"\ntrusted_proxies = [\"127.0.0.0/8\"]\n"
          "instance_header = \"X-Instance\"\n"
          "[[instance]]\nname = \"a\"\nlisten = [\"127.0.0.1:1340\"]\n"
          "peers = [\"10.0.0.0/24\", \"10.1.2.3\"]\ndefault = true\n"}
          .config();
  EXPECT_EQ(config.imds.routes.unknown_peer, imds::UnknownPeer::refuse);
  EXPECT_EQ(config.imds.routes.trusted_proxies.at(0).to_string(), "127.0.0.0/8");
  EXPECT_EQ(config.imds.routes.instance_header, "X-Instance");
  const auto& instance = config.instances.at(0);
  EXPECT_EQ(instance.listen, std::vector{loopback(1340)});
  EXPECT_EQ(instance.peers.at(1).to_string(), "10.1.2.3");
  EXPECT_TRUE(instance.is_default);
}

}  // namespace
}  // namespace imdsd::daemon
