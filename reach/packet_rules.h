// SPDX-License-Identifier: MIT
// The packet-filter rules of `imdsctl up`, for nftables and for iptables. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reach/step.h"

namespace imdsd::reach {

inline constexpr std::string_view kNftTable = "imdsd";
inline constexpr std::string_view kIptablesChain = "IMDSD";

/// Replaces the table `inet imdsd` as a whole, in one transaction.
[[nodiscard]] std::string nft_script(const Rules& rules);

/// The tables that the rules need, in the order in which they are set: what keeps others out comes
/// first.
[[nodiscard]] std::vector<std::string> iptables_tables(const Rules& rules, bool ipv6);
/// For iptables-restore --noflush: chain IMDSD of one table, which is set in one transaction.
[[nodiscard]] std::string iptables_script(const Rules& rules, std::string_view table, bool ipv6);
[[nodiscard]] std::string iptables_undo_script(const Rules& rules, std::string_view table);

/// In what `nft list ruleset` printed.
[[nodiscard]] bool has_nft_table(std::string_view ruleset);
/// In what iptables-save and ip6tables-save printed, one behind the other; see kIptablesSixMark.
[[nodiscard]] bool has_iptables_chain(std::string_view saved, std::string_view table, bool ipv6);
/// A line between the two.
inline constexpr std::string_view kIptablesSixMark = "# ip6tables\n";

/// Rules that somebody else made, trimmed: those that speak of the address and of one of `verbs`
/// ("dnat", "drop"), whatever their case.
[[nodiscard]] std::vector<std::string> foreign_rules(const PacketFilter& filter,
                                                     const base::IpAddress& address,
                                                     const std::vector<std::string>& verbs);

}  // namespace imdsd::reach
