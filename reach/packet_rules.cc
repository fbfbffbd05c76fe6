// SPDX-License-Identifier: MIT
#include "reach/packet_rules.h"

#include <algorithm>

#include "base/codec.h"

namespace imdsd::reach {
namespace {

std::string quote(const std::string& interface) {
  return "\"" + interface + "\"";
}

const char* family(const base::IpAddress& ip) {
  return ip.is_v6() ? "ip6" : "ip";
}

/// `to` in the form of NAT targets: an IPv6 address in brackets before its port.
std::string nft_redirects(const Rules& rules, const std::string& from) {
  std::string out;
  for (const auto& way : rules.ways) {
    if (!way.to) continue;
    const std::string ip = family(way.address);
    out += "    " + from + ip + " daddr " + way.address.to_string() + " tcp dport 80 dnat " + ip +
           " to " + way.to->to_string() + "\n";
  }
  return out;
}

std::string nft_chain(std::string_view name, std::string_view hook, const std::string& body) {
  if (body.empty()) return {};
  return "  chain " + std::string(name) + " {\n    type " + std::string(hook) +
         "; policy accept;\n" + body + "  }\n";
}

std::string nft_guard(const Rules& rules) {
  std::string out;
  for (const auto& way : rules.ways) {
    const auto to = std::string(family(way.address)) + " daddr " + way.address.to_string();
    if (!rules.bridge.empty()) {
      out += "    iifname " + quote(rules.bridge) + " " + to + " tcp dport 80 accept\n";
    }
    out += "    iifname != \"lo\" " + to + " tcp dport 80 reject with tcp reset\n";
    out += "    iifname != \"lo\" " + to + " drop\n";
  }
  return out;
}

/// What comes from the bridge for 127.0.0.0/8 before it is redirected was sent there by somebody.
std::string nft_localnet(const Rules& rules) {
  if (rules.bridge.empty()) return {};
  return "    iifname " + quote(rules.bridge) + " ip daddr 127.0.0.0/8 drop\n";
}

bool has_redirect(const Rules& rules, bool ipv6) {
  return std::any_of(rules.ways.begin(), rules.ways.end(), [&](const auto& way) {
    return way.to.has_value() && way.address.is_v6() == ipv6;
  });
}

/// The chains that lead to ours.
std::vector<std::string> jumps_from(const Rules& rules, std::string_view table) {
  if (table == "filter") return {"INPUT"};
  if (table == "raw") return {"PREROUTING -i " + rules.bridge};
  if (rules.bridge.empty()) return {"OUTPUT"};
  return {"OUTPUT", "PREROUTING -i " + rules.bridge};
}

std::string iptables_rule(const Rules& rules, const Way& way, std::string_view table) {
  const std::string to = "-d " + way.address.to_string() + (way.address.is_v6() ? "/128" : "/32");
  const std::string rule = "-A " + std::string(kIptablesChain) + " ";
  const std::string http = " -p tcp -m tcp --dport 80 -j ";
  if (table == "nat") {
    return way.to ? rule + to + http + "DNAT --to-destination " + way.to->to_string() + "\n" : "";
  }
  std::string out;
  if (!rules.bridge.empty()) out += rule + to + " -i " + rules.bridge + http + "ACCEPT\n";
  out += rule + to + " ! -i lo" + http + "REJECT --reject-with tcp-reset\n";
  return out + rule + to + " ! -i lo -j DROP\n";
}

/// Calls `take` with each line, trimmed.
template <class Take>
void each_line(std::string_view text, const Take& take) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    take(base::trim(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string nft_head() {
  return "table inet " + std::string(kNftTable);
}

}  // namespace

std::string nft_script(const Rules& rules) {
  // Before Docker's chains and kube-proxy's (dstnat, -100), which take each local address and port
  // for a container's that has been published; the guard before the filters of others.
  std::string out = nft_head() + "\ndelete " + nft_head() + "\n" + nft_head() + " {\n";
  out += nft_chain("guard", "filter hook input priority -10", nft_guard(rules));
  out += nft_chain("localnet", "filter hook prerouting priority -310", nft_localnet(rules));
  out += nft_chain("output", "nat hook output priority -110", nft_redirects(rules, ""));
  if (!rules.bridge.empty()) {
    out += nft_chain("containers", "nat hook prerouting priority -110",
                     nft_redirects(rules, "iifname " + quote(rules.bridge) + " "));
  }
  return out + "}\n";
}

std::vector<std::string> iptables_tables(const Rules& rules, bool ipv6) {
  const bool any = std::any_of(rules.ways.begin(), rules.ways.end(),
                               [&](const auto& way) { return way.address.is_v6() == ipv6; });
  std::vector<std::string> out;
  if (any) out.emplace_back("filter");
  if (!ipv6 && !rules.bridge.empty()) out.emplace_back("raw");
  if (has_redirect(rules, ipv6)) out.emplace_back("nat");
  return out;
}

std::string iptables_script(const Rules& rules, std::string_view table, bool ipv6) {
  const std::string chain(kIptablesChain);
  std::string out = "*" + std::string(table) + "\n:" + chain + " - [0:0]\n";
  if (table == "raw") {
    out += "-A " + chain + " -d 127.0.0.0/8 -j DROP\n";
  } else {
    for (const auto& way : rules.ways) {
      if (way.address.is_v6() == ipv6) out += iptables_rule(rules, way, table);
    }
  }
  for (const auto& jump : jumps_from(rules, table)) out += "-I " + jump + " -j " + chain + "\n";
  return out + "COMMIT\n";
}

std::string iptables_undo_script(const Rules& rules, std::string_view table) {
  const std::string chain(kIptablesChain);
  std::string out = "*" + std::string(table) + "\n";
  for (const auto& jump : jumps_from(rules, table)) out += "-D " + jump + " -j " + chain + "\n";
  return out + "-F " + chain + "\n-X " + chain + "\nCOMMIT\n";
}

bool has_nft_table(std::string_view ruleset) {
  bool found = false;
  each_line(ruleset, [&](std::string_view line) { found = found || line == nft_head() + " {"; });
  return found;
}

bool has_iptables_chain(std::string_view saved, std::string_view table, bool ipv6) {
  const auto mark = saved.find(kIptablesSixMark);
  if (ipv6 && mark == std::string_view::npos) return false;
  const auto text = ipv6 ? saved.substr(mark) : saved.substr(0, mark);
  std::string_view in;
  bool found = false;
  each_line(text, [&](std::string_view line) {
    if (line.starts_with('*')) in = line.substr(1);
    found = found || (in == table && line.starts_with(":" + std::string(kIptablesChain) + " "));
  });
  return found;
}

std::vector<std::string> foreign_rules(const PacketFilter& filter, const base::IpAddress& address,
                                       const std::vector<std::string>& verbs) {
  std::vector<std::string> out;
  bool ours = false;
  const auto judge = [&](std::string_view line) {
    if (line.starts_with("table ")) ours = line == nft_head() + " {";
    const auto lower = base::to_lower(line);
    const bool speaks = lower.find(address.to_string()) != std::string::npos &&
                        std::any_of(verbs.begin(), verbs.end(), [&](const auto& verb) {
                          return lower.find(verb) != std::string::npos;
                        });
    const bool our_chain = line.starts_with("-A " + std::string(kIptablesChain) + " ");
    if (speaks && !ours && !our_chain) out.emplace_back(line);
  };
  each_line(filter.nft, judge);
  ours = false;
  each_line(filter.iptables, judge);
  return out;
}

}  // namespace imdsd::reach
