// SPDX-License-Identifier: MIT
#include "reach/packet_rules.h"

#include <gtest/gtest.h>

#include "reach/well_known.h"

namespace imdsd::reach {
namespace {

const Way kRedirected{imds_v4(), *base::SocketAddress::parse("127.0.0.1:1338")};
const Way kDirect{imds_v6(), std::nullopt};

TEST(NftScript, RedirectsOwnPacketsAlone) {
  const auto script = nft_script({{kRedirected, kDirect}, ""});
  EXPECT_EQ(script.find("hook prerouting"), std::string::npos);
  EXPECT_NE(
      script.find("hook output priority -110; policy accept;\n"
                  "    ip daddr 169.254.169.254 tcp dport 80 dnat ip to 127.0.0.1:1338\n  }\n"),
      std::string::npos)
      << script;
  EXPECT_NE(script.find("iifname != \"lo\" ip6 daddr fd00:ec2::254 drop"), std::string::npos);
}

TEST(NftScript, LetsInWhatComesByTheBridge) {
  const auto script = nft_script({{kRedirected}, "docker0"});
  EXPECT_NE(script.find("iifname \"docker0\" ip daddr 169.254.169.254 tcp dport 80 dnat ip to "),
            std::string::npos);
  EXPECT_NE(script.find("iifname \"docker0\" ip daddr 127.0.0.0/8 drop"), std::string::npos);
}

TEST(IptablesTables, AreThoseThatAreNeeded) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(iptables_tables({{kRedirected, kDirect}, ""}, false), (Names{"filter", "nat"}));
  EXPECT_EQ(iptables_tables({{kRedirected, kDirect}, ""}, true), Names{"filter"});
  EXPECT_EQ(iptables_tables({{kRedirected}, "docker0"}, false), (Names{"filter", "raw", "nat"}));
  EXPECT_EQ(iptables_tables({{kRedirected}, "docker0"}, true), Names{});
}

TEST(IptablesChain, IsFoundInItsTableAndFamily) {
  const std::string saved =
      "*filter\n:INPUT ACCEPT [0:0]\n:IMDSD - [0:0]\nCOMMIT\n*nat\n:IMDSDX - [0:0]\nCOMMIT\n" +
      std::string(kIptablesSixMark) + "*nat\n:IMDSD - [0:0]\nCOMMIT\n";
  EXPECT_TRUE(has_iptables_chain(saved, "filter", false));
  EXPECT_FALSE(has_iptables_chain(saved, "nat", false));
  EXPECT_TRUE(has_iptables_chain(saved, "nat", true));
  EXPECT_FALSE(has_iptables_chain(saved, "filter", true));
  EXPECT_FALSE(has_iptables_chain("*nat\n:IMDSD - [0:0]\n", "nat", true));
}

TEST(ForeignRules, AreThoseOfOthers) {
  PacketFilter filter;
  filter.nft =
      "table ip filter {\n\tchain OUTPUT {\n\t\tip daddr 169.254.169.254 drop\n\t}\n}\n"
      "table inet imdsd {\n\tchain guard {\n\t\tip daddr 169.254.169.254 drop\n\t}\n}\n";
  filter.iptables =
      "-A IMDSD -d 169.254.169.254/32 -j DROP\n"
      "-A OUTPUT -d 169.254.169.254/32 -j REJECT\n-A OUTPUT -d 10.0.0.1 -j DROP\n";
  EXPECT_EQ(foreign_rules(filter, imds_v4(), {"drop", "reject"}),
            (std::vector<std::string>{"ip daddr 169.254.169.254 drop",
                                      "-A OUTPUT -d 169.254.169.254/32 -j REJECT"}));
  EXPECT_TRUE(foreign_rules(filter, imds_v4(), {"dnat"}).empty());
}

}  // namespace
}  // namespace imdsd::reach
