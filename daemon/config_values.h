// SPDX-License-Identifier: MIT
// Text to typed value, for the keys of the configuration. Each returns what is wrong in words that
// continue "imds.hop_limit: ".
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ip_address.h"
#include "base/ip_network.h"
#include "base/result.h"
#include "daemon/config_node.h"

namespace imdsd::daemon {

/// " (got `text`)", shortened when it is long.
[[nodiscard]] std::string got(std::string_view text);

[[nodiscard]] base::Result<std::int64_t> integer_between(const ConfigNode& node, std::int64_t low,
                                                         std::int64_t high);
[[nodiscard]] base::Result<std::chrono::milliseconds> duration_between(
    const ConfigNode& node, std::chrono::milliseconds low, std::chrono::milliseconds high);
/// A whole number of seconds, as an integer or as a duration.
[[nodiscard]] base::Result<std::chrono::seconds> seconds_between(const ConfigNode& node,
                                                                 std::chrono::seconds low,
                                                                 std::chrono::seconds high);

/// One of a few words.
template <class T>
struct Choice {
  std::string_view word;
  T value;
};
[[nodiscard]] std::string choice_message(const std::vector<std::string_view>& words,
                                         std::string_view text);
template <class T, std::size_t N>
[[nodiscard]] base::Result<T> one_of(const ConfigNode& node, const Choice<T> (&choices)[N]) {
  std::vector<std::string_view> words;
  for (const auto& choice : choices) {
    if (choice.word == node.string) return choice.value;
    words.push_back(choice.word);
  }
  return base::fail(base::Errc::invalid_argument, choice_message(words, node.string));
}

[[nodiscard]] base::Result<std::vector<base::SocketAddress>> any_listen_addresses(
    const ConfigNode& node);
/// The same, but at least one.
[[nodiscard]] base::Result<std::vector<base::SocketAddress>> listen_addresses(
    const ConfigNode& node);
/// Addresses and networks, each once.
[[nodiscard]] base::Result<std::vector<base::IpNetwork>> ip_networks(const ConfigNode& node);
/// The name of a header of HTTP.
[[nodiscard]] base::Result<std::string> header_name(const ConfigNode& node);
/// Empty, or a URL that others can be appended to.
[[nodiscard]] base::Result<std::string> issuer_url(const ConfigNode& node);
/// What can be a line of a listing: not empty, without control characters.
[[nodiscard]] base::Result<std::string> line_of_text(const ConfigNode& node);
[[nodiscard]] base::Result<std::string> host_name(const ConfigNode& node);
/// A list whose items `convert` takes.
template <class Convert>
[[nodiscard]] auto each(Convert convert) {
  return [convert](const ConfigNode& node) -> base::Result<std::vector<std::string>> {
    std::vector<std::string> out;
    for (const auto& item : node.items) {
      IMDSD_TRY(out.emplace_back(), convert(item));
    }
    return out;
  };
}
/// Host names, lower case, without ports.
[[nodiscard]] base::Result<std::vector<std::string>> host_names(const ConfigNode& node);

/// The formats that AWS documents for these.
[[nodiscard]] base::Result<std::string> account_id(const ConfigNode& node);
[[nodiscard]] base::Result<std::vector<std::string>> account_ids(const ConfigNode& node);
[[nodiscard]] base::Result<std::string> region_name(const ConfigNode& node);
/// prefix + 8 or 17 hex digits.
[[nodiscard]] base::Result<std::string> resource_id(const ConfigNode& node,
                                                    std::string_view prefix);
[[nodiscard]] base::Result<std::string> instance_type(const ConfigNode& node);
[[nodiscard]] base::Result<std::string> mac_address(const ConfigNode& node);
[[nodiscard]] base::Result<std::string> ipv4_address(const ConfigNode& node);
[[nodiscard]] base::Result<std::string> ipv6_address(const ConfigNode& node);
/// In CIDR notation.
[[nodiscard]] base::Result<std::string> ipv4_block(const ConfigNode& node);
[[nodiscard]] base::Result<std::string> ipv6_block(const ConfigNode& node);
/// ami, root, swap, ebsN, ephemeralN.
[[nodiscard]] base::Result<std::string> block_device_name(const ConfigNode& node);
/// `in_metadata`: as far as instance metadata can show it.
[[nodiscard]] base::Result<std::string> tag_key(const ConfigNode& node, bool in_metadata);
[[nodiscard]] base::Result<std::string> tag_value(const ConfigNode& node);
[[nodiscard]] base::Result<std::string> iam_name(const ConfigNode& node, std::size_t longest);
[[nodiscard]] base::Result<std::string> iam_path(const ConfigNode& node);
[[nodiscard]] base::Result<std::string> access_key_id(const ConfigNode& node);

}  // namespace imdsd::daemon
