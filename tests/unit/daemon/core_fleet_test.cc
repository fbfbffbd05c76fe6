// SPDX-License-Identifier: MIT
// Several instances in one core.
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "core_fixture.h"

namespace imdsd::daemon {
namespace {

constexpr const char* kTokenHeader = "X-aws-ec2-metadata-token";

class CoreFleetTest : public CoreTest {
 protected:
  /// web is the default; db has peers and a token of its own; each has a role of its name.
  static std::string two(const std::string& web = "", const std::string& db = "") {
    return "[[instance]]\nname = \"web\"\nprofile = \"web\"\n" + web +
           "[[instance]]\nname = \"db\"\nprofile = \"db\"\npeers = [\"10.0.0.0/24\"]\n" + db +
           role_toml("web") + role_toml("db");
  }

  using Headers = std::vector<std::pair<std::string, std::string>>;
  [[nodiscard]] base::HttpResponse send(const std::string& method, const std::string& path,
                                        const std::string& peer, const Headers& headers = {},
                                        const std::string& local = "127.0.0.1:1338") const {
    fakes::HttpRequestBuilder request(method, "/latest/" + path);
    request.header("Host", "127.0.0.1").from(peer + ":5000").to(local);
    for (const auto& [name, value] : headers) request.header(name, value);
    return core_->handle_imds(request.build());
  }
  [[nodiscard]] std::string read(const std::string& path, const std::string& peer) const {
    const auto response = send("GET", "meta-data/" + path, peer);
    return response.status == 200 ? response.body : std::to_string(response.status);
  }
  [[nodiscard]] std::string role(const std::string& peer) const {
    return read("iam/security-credentials/", peer);
  }
  [[nodiscard]] std::string token(const std::string& peer) const {
    return send("PUT", "api/token", peer, {{"X-aws-ec2-metadata-token-ttl-seconds", "60"}}).body;
  }
};

constexpr const char* kWeb = "192.0.2.1";
constexpr const char* kDb = "10.0.0.9";

TEST_F(CoreFleetTest, EachPeerSeesItsInstance) {
  ASSERT_EQ(apply(two()), "");
  EXPECT_EQ(role(kWeb), "web");
  EXPECT_EQ(role(kDb), "db");
  EXPECT_NE(read("instance-id", kWeb), read("instance-id", kDb));
  EXPECT_NE(read("local-ipv4", kWeb), read("local-ipv4", kDb));
  EXPECT_EQ(read("iam/security-credentials/web", kDb), "404") << "nobody else's credentials";
  const auto of_web = nlohmann::json::parse(read("iam/security-credentials/web", kWeb));
  const auto of_db = nlohmann::json::parse(read("iam/security-credentials/db", kDb));
  EXPECT_EQ(of_db["Code"], "Success");
  EXPECT_NE(of_web["AccessKeyId"], of_db["AccessKeyId"]);
}

TEST_F(CoreFleetTest, ATokenOfOneIsRefusedByTheOther) {
  ASSERT_EQ(apply(two()), "");
  const auto status = [&](const std::string& peer, const std::string& token) {
    return send("GET", "meta-data/instance-id", peer, {{kTokenHeader, token}}).status;
  };
  const auto of_web = token(kWeb), of_db = token(kDb);
  EXPECT_EQ(status(kWeb, of_web), 200);
  EXPECT_EQ(status(kDb, of_db), 200);
  EXPECT_EQ(status(kWeb, of_db), 401);
  EXPECT_EQ(status(kDb, of_web), 401);
  ASSERT_EQ(apply(two("type = \"t3.large\"\n")), "");
  EXPECT_EQ(status(kWeb, of_web), 200) << "the same instance";
  ASSERT_EQ(apply(two("", "id = \"i-0a1b2c3d\"\n")), "");
  EXPECT_EQ(status(kDb, of_db), 401) << "another one";
}

TEST_F(CoreFleetTest, UnknownPeersAreRefusedWithEc2sPage) {
  ASSERT_EQ(apply("[imds]\nunknown_peer = \"refuse\"\n" + two()), "");
  const auto refused = send("GET", "meta-data/instance-id", kWeb);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.headers.get("Server"), "EC2ws");
  EXPECT_NE(refused.body.find("<h1>403 - "), std::string::npos) << refused.body;
  EXPECT_EQ(send("PUT", "api/token", kWeb, {{"X-aws-ec2-metadata-token-ttl-seconds", "60"}}).status,
            403);
  EXPECT_EQ(role(kDb), "db");
}

TEST_F(CoreFleetTest, OptionsAreTheInstancesOwn) {
  ASSERT_EQ(apply(two("hop_limit = 5\n", "http_tokens = \"required\"\n")), "");
  EXPECT_EQ(role(kWeb), "web");
  EXPECT_EQ(role(kDb), "401");
  const Headers ttl = {{"X-aws-ec2-metadata-token-ttl-seconds", "60"}};
  EXPECT_EQ(send("PUT", "api/token", kWeb, ttl).orders.hop_limit, 5);
  EXPECT_EQ(send("PUT", "api/token", kDb, ttl).orders.hop_limit, 2);
}

TEST_F(CoreFleetTest, AListenerKeepsItsInstanceOverReloads) {
  ASSERT_EQ(apply(two("", "listen = [\"127.0.0.1:1340\"]\n")), "");
  core_->set_listeners({{loopback(1340), "db"}});
  const auto through = [&] {
    const auto response =
        send("GET", "meta-data/iam/security-credentials/", kWeb, {}, "127.0.0.1:1340");
    return response.status == 200 ? response.body : std::to_string(response.status);
  };
  EXPECT_EQ(through(), "db");
  ASSERT_EQ(apply(two("", "type = \"t3.large\"\n")), "");
  EXPECT_EQ(through(), "db");
  ASSERT_EQ(apply("[[instance]]\nname = \"web\"\n" + role_toml("web")), "");
  EXPECT_EQ(through(), "403") << "its instance is gone, and it is nobody else's";
  EXPECT_EQ(role(kDb), "web") << "through the common one";
  ASSERT_EQ(apply(two()), "");
  EXPECT_EQ(through(), "db");
}

TEST_F(CoreFleetTest, ReloadMovesPeers) {
  ASSERT_EQ(apply(two()), "");
  ASSERT_EQ(apply(two("peers = [\"10.0.0.9\"]\n")), "");
  EXPECT_EQ(role(kDb), "web") << "the longest prefix";
  EXPECT_EQ(role("10.0.0.10"), "db");
}

TEST_F(CoreFleetTest, FindsInstancesByNameAndId) {
  ASSERT_EQ(apply(two("", "id = \"i-0a1b2c3d\"\n")), "");
  EXPECT_EQ(core_->instance("db").value()->id(), "i-0a1b2c3d");
  EXPECT_EQ(core_->instance("i-0a1b2c3d").value()->id(), "i-0a1b2c3d");
  EXPECT_EQ(core_->instance("").value(), core_->instance("web").value()) << "the default one";
  const auto missing = core_->instance("wev");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::Errc::not_found);
  EXPECT_EQ(missing.error().message, "there is no instance `wev`, did you mean `web`?");
}

TEST_F(CoreFleetTest, RotatesOneOrAll) {
  ASSERT_EQ(apply(two()), "");
  const auto keys = [&] {
    std::vector<std::string> out;
    const auto status = core_->status();
    for (const auto& each : status->instances) out.push_back(each.access_key_id_v2);
    return out;
  };
  const auto before = keys();
  ASSERT_TRUE(core_->rotate("db"));
  EXPECT_EQ(keys()[0], before[0]);
  EXPECT_NE(keys()[1], before[1]);
  ASSERT_TRUE(core_->rotate(""));
  EXPECT_NE(keys()[0], before[0]);
  EXPECT_EQ(core_->rotate("nobody").error().code, base::Errc::not_found);
}

TEST_F(CoreFleetTest, StatusOfAllOrOne) {
  ASSERT_EQ(apply(two()), "");
  const auto all = core_->status();
  ASSERT_EQ(all->instances.size(), 2U);
  EXPECT_TRUE(all->instances[0].is_default);
  EXPECT_FALSE(all->instances[1].is_default);
  EXPECT_EQ(all->instances[1].state, InstanceStatus::State::valid);
  const auto one = core_->status("db");
  ASSERT_EQ(one->instances.size(), 1U);
  EXPECT_EQ(one->instances[0].name, "db");
  EXPECT_EQ(one->instances[0].peers.at(0).to_string(), "10.0.0.0/24");
  EXPECT_EQ(one->instances[0].access_key_id_v2, all->instances[1].access_key_id_v2);
  EXPECT_EQ(core_->status("nobody").error().code, base::Errc::not_found);
}

TEST_F(CoreFleetTest, AReloadLeavesInstancesAloneThatShowTheSame) {
  ASSERT_EQ(apply(two()), "");
  const auto trees = [&] {
    std::vector<const imds::MetadataTree*> out;
    for (const auto& member : core_->fleet()->members) out.push_back(member.tree.get());
    return out;
  };
  const auto before = trees();
  ASSERT_EQ(apply(two("peers = [\"10.1.0.0/24\"]\n", "type = \"t3.large\"\n")), "");
  EXPECT_EQ(trees()[0], before[0]);
  EXPECT_NE(trees()[1], before[1]);
  EXPECT_EQ(read("instance-type", kDb), "t3.large");
}

/// Peers move between two instances each, instances come and go, everything is renewed: what a peer
/// sees is always of one of its two instances, and no key is ever seen by two peers.
TEST_F(CoreFleetTest, NobodyIsGivenAnothersCredentialsWhileTheFleetChanges) {
  constexpr unsigned kPeers = 6;
  const auto config = [&](unsigned turn) {
    std::string text = "[imds]\nunknown_peer = \"refuse\"\n", roles;
    for (unsigned i = 0; i < kPeers; ++i) {
      const std::string name = (turn % 2 == 0 ? "a" : "b") + std::to_string(i);
      text += "[[instance]]\nname = \"" + name + "\"\nprofile = \"" + name +
              "\"\npeers = [\"10.0." + std::to_string(i) + ".0/24\"]\n";
      roles += role_toml("a" + std::to_string(i)) + role_toml("b" + std::to_string(i));
    }
    return text + roles;
  };
  ASSERT_EQ(apply(config(0)), "");
  std::mutex mutex;
  std::map<std::string, std::set<unsigned>> seen_by;  // an access key, and the peers
  std::vector<std::string> wrong;
  std::atomic<unsigned> reads = 0;
  const auto look = [&](unsigned i) {
    const std::string number = std::to_string(i), peer = "10.0." + number + ".7";
    const auto name = role(peer);
    const auto document = read("iam/security-credentials/" + name, peer);
    ++reads;
    const std::lock_guard lock(mutex);
    if (name != "a" + number && name != "b" + number) wrong.push_back(peer + ": " + name);
    if (document == "404") return;  // the peer has moved in between
    seen_by[nlohmann::json::parse(document).at("AccessKeyId")].insert(i);
  };
  {
    std::vector<std::jthread> readers;
    for (unsigned reader = 0; reader < 3; ++reader) {
      readers.emplace_back([&, reader](const std::stop_token& stop) {
        for (unsigned i = reader; !stop.stop_requested(); ++i) look(i % kPeers);
      });
    }
    std::jthread rotation([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        [[maybe_unused]] const auto outcome = core_->rotate("");
      }
    });
    for (unsigned turn = 1; turn <= 20; ++turn) {
      ASSERT_EQ(apply(config(turn)), "");
      for (const unsigned before = reads; reads < before + kPeers;) std::this_thread::yield();
    }
  }
  EXPECT_EQ(wrong, std::vector<std::string>());
  EXPECT_GT(seen_by.size(), 2 * kPeers) << "there were renewals";
  for (const auto& [key, peers] : seen_by) EXPECT_EQ(peers.size(), 1U) << key;
}

}  // namespace
}  // namespace imdsd::daemon
