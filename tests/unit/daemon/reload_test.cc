// SPDX-License-Identifier: MIT
#include "daemon/reload.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "config_fixture.h"
#include "daemon/config_schema.h"

namespace imdsd::daemon {
namespace {

/// For every key that the table marks as not reloadable, a value that is not its default.
std::string changed(const KeyInfo& info) {
  switch (info.type) {
    case KeyType::string_list:
      return "127.0.0.1:4711";
    case KeyType::integer:
      return info.key == "http.max_buffered_bytes" ? "2000000" : "3";
    case KeyType::duration:
      return "1s";
    default:
      return "changed";
  }
}

TEST(Reload, TellsEveryKeyThatNeedsARestart) {
  const auto running = TestConfig{role_toml()}.config();
  std::size_t count = 0;
  for (const auto& info : config_keys()) {
    if (info.reloadable) continue;
    ++count;
    std::string key(info.key);
    std::replace(key.begin(), key.end(), '*', '0');
    const auto next = TestConfig{role_toml(), {}, {key + "=" + changed(info)}}.config();
    EXPECT_EQ(keys_needing_restart(running, next), std::vector<std::string>{key});
  }
  EXPECT_EQ(count, 20U);
}

TEST(Reload, ListenersStayWithTheInstancesOfTheStart) {
  const auto instances = [](const std::string& a, const std::string& b) {
    return TestConfig{"[[instance]]\nname = \"a\"\n" + a + "[[instance]]\nname = \"b\"\n" + b}
        .config();
  };
  const std::string one = "listen = [\"127.0.0.1:1340\"]\n";
  const auto running = instances(one, "");
  using Keys = std::vector<std::string>;
  EXPECT_EQ(keys_needing_restart(running, instances(one, "peers = [\"10.0.0.1\"]\n")), Keys());
  EXPECT_EQ(keys_needing_restart(running, instances("", one)),
            (Keys{"instance.0.listen", "instance.1.listen"}));
  EXPECT_EQ(keys_needing_restart(running, TestConfig{"[[instance]]\nname = \"b\"\n"}.config()),
            Keys{"listen of instance `a`"});
}

TEST(Reload, EverythingElseIsTakenUp) {
  const auto running = TestConfig{role_toml()}.config();
  const auto next =
      TestConfig{role_toml("other"),
                 {},
                 {"log.level=debug", "imds.hop_limit=9", "imds.http_tokens=required",
                  "aws.region=eu-west-1", "aws.account_id=210987654321", "auth.mode=audit",
                  "credentials.lifetime=1h", "instance.0.id=i-0a1b2c3d", "imds.allowed_hosts=x"}}
          .config();
  EXPECT_EQ(keys_needing_restart(running, next), std::vector<std::string>{});
}

}  // namespace
}  // namespace imdsd::daemon
