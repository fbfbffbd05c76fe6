// SPDX-License-Identifier: MIT
#include "daemon/config_values.h"

#include <algorithm>

#include "base/codec.h"
#include "base/duration.h"
#include "base/url.h"
#include "base/utf8_prefix.h"
#include "iam/condition_ip.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using std::chrono::milliseconds;
using std::chrono::seconds;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_alnum(char c) {
  return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}
bool is_lower_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

template <class Predicate>
bool all(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}

tl::unexpected<base::Error> bad(std::string expected, std::string_view text) {
  return fail(Errc::invalid_argument, "must be " + std::move(expected) + got(text));
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// Of this family, with a length.
bool is_block(std::string_view text, bool v6) {
  const auto cidr = iam::Cidr::parse(text);
  return cidr && cidr->v6 == v6 && text.find('/') != std::string_view::npos;
}

}  // namespace

std::string got(std::string_view text) {
  constexpr std::size_t kShown = 80;
  std::string shown(base::utf8_prefix(text, kShown));
  if (text.size() > kShown) shown += "…";
  return " (got `" + shown + "`)";
}

Result<std::int64_t> integer_between(const ConfigNode& node, std::int64_t low, std::int64_t high) {
  if (node.integer >= low && node.integer <= high) return node.integer;
  return fail(Errc::invalid_argument, "must be " + std::to_string(low) + ".." +
                                          std::to_string(high) + " (got " +
                                          std::to_string(node.integer) + ")");
}

Result<milliseconds> duration_between(const ConfigNode& node, milliseconds low, milliseconds high) {
  const auto value = base::parse_duration(node.string);
  if (!value) return bad("a duration such as \"6h\" or \"20s\"", node.string);
  if (*value >= low && *value <= high) return *value;
  return bad(base::format_duration(low) + ".." + base::format_duration(high), node.string);
}

Result<seconds> seconds_between(const ConfigNode& node, seconds low, seconds high) {
  if (node.kind == ConfigNode::Kind::integer) {
    IMDSD_TRY(const auto count, integer_between(node, low.count(), high.count()));
    return seconds(count);
  }
  IMDSD_TRY(const auto value, duration_between(node, low, high));
  const auto whole = std::chrono::duration_cast<seconds>(value);
  if (whole != value) return bad("a whole number of seconds", node.string);
  return whole;
}

std::string choice_message(const std::vector<std::string_view>& words, std::string_view text) {
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) list += i + 1 == words.size() ? " or " : ", ";
    list += "`" + std::string(words[i]) + "`";
  }
  return "must be " + list + got(text);
}

Result<std::vector<base::SocketAddress>> any_listen_addresses(const ConfigNode& node) {
  std::vector<base::SocketAddress> out;
  for (const auto& item : node.items) {
    const auto address = base::SocketAddress::parse(item.string);
    if (!address) {
      return bad("addresses such as \"127.0.0.1:1338\" or \"[::1]:1338\"", item.string);
    }
    if (address->port != 0 && std::find(out.begin(), out.end(), *address) != out.end()) {
      return fail(Errc::invalid_argument, "names `" + item.string + "` twice");
    }
    out.push_back(*address);
  }
  return out;
}

Result<std::vector<base::SocketAddress>> listen_addresses(const ConfigNode& node) {
  IMDSD_TRY(auto out, any_listen_addresses(node));
  if (out.empty()) return fail(Errc::invalid_argument, "must name at least one address");
  return out;
}

Result<std::vector<base::IpNetwork>> ip_networks(const ConfigNode& node) {
  std::vector<base::IpNetwork> out;
  for (const auto& item : node.items) {
    IMDSD_TRY(const auto network, base::IpNetwork::parse(item.string));
    if (std::find(out.begin(), out.end(), network) != out.end()) {
      return fail(Errc::invalid_argument, "names `" + network.to_string() + "` twice");
    }
    out.push_back(network);
  }
  return out;
}

// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
Result<std::string> header_name(const ConfigNode& node) {
  const auto allowed = [](char c) {
    return is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  if (!node.string.empty() && node.string.size() <= 128 && all(node.string, allowed)) {
    return node.string;
  }
  return bad("the name of a header, such as `X-Imdsd-Instance`", node.string);
}

Result<std::string> issuer_url(const ConfigNode& node) {
  if (node.string.empty()) return std::string();
  const bool whole = base::Url::parse(node.string).has_value() && !node.string.ends_with('/') &&
                     node.string.find_first_of("?#") == std::string::npos;
  if (whole) return node.string;
  return bad("a URL such as \"https://localhost:1343\", without a slash at its end", node.string);
}

Result<std::string> line_of_text(const ConfigNode& node) {
  constexpr std::size_t kLongest = 16 * 1024;  // an RSA key has 3 KB at most
  const std::string& text = node.string;
  if (!text.empty() && text.size() <= kLongest &&
      std::none_of(text.begin(), text.end(), is_control)) {
    return text;
  }
  return bad("one line of text", text);
}

Result<std::string> host_name(const ConfigNode& node) {
  ConfigNode list;
  list.items.push_back(node);
  IMDSD_TRY(auto names, host_names(list));
  return std::move(names[0]);
}

Result<std::vector<std::string>> host_names(const ConfigNode& node) {
  std::vector<std::string> out;
  for (const auto& item : node.items) {
    const auto allowed = [](char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; };
    if (item.string.empty() || item.string.size() > 253 || !all(item.string, allowed)) {
      return bad("host names without scheme and port", item.string);
    }
    out.push_back(base::to_lower(item.string));
  }
  return out;
}

Result<std::string> account_id(const ConfigNode& node) {
  if (node.string.size() == 12 && all(node.string, is_digit)) return node.string;
  return bad("12 digits", node.string);
}

Result<std::vector<std::string>> account_ids(const ConfigNode& node) {
  std::vector<std::string> out;
  for (const auto& item : node.items) {
    IMDSD_TRY(auto id, account_id(item));
    out.push_back(std::move(id));
  }
  return out;
}

Result<std::string> region_name(const ConfigNode& node) {
  const std::string_view text = node.string;
  const auto dash = text.rfind('-');
  const auto allowed = [](char c) { return is_lower(c) || is_digit(c) || c == '-'; };
  if (text.size() <= 32 && dash != std::string_view::npos && dash >= 4 && is_lower(text[0]) &&
      text.find('-') != dash && dash + 1 < text.size() && all(text, allowed) &&
      all(text.substr(dash + 1), is_digit)) {
    return node.string;
  }
  return bad("a region name such as `us-east-1`", text);
}

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
Result<std::string> resource_id(const ConfigNode& node, std::string_view prefix) {
  std::string_view digits = node.string;
  if (digits.starts_with(prefix)) {
    digits.remove_prefix(prefix.size());
    if ((digits.size() == 8 || digits.size() == 17) && all(digits, is_lower_hex)) {
      return node.string;
    }
  }
  return bad("`" + std::string(prefix) + "` and 8 or 17 lower-case hex digits", node.string);
}

Result<std::string> instance_type(const ConfigNode& node) {
  const std::string_view text = node.string;
  const auto dot = text.find('.');
  const auto allowed = [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '.'; };
  if (dot != std::string_view::npos && dot > 0 && dot + 1 < text.size() && text.size() <= 64 &&
      all(text, allowed)) {
    return node.string;
  }
  return bad("an instance type such as `t3.micro`", text);
}

Result<std::string> mac_address(const ConfigNode& node) {
  bool fits = node.string.size() == 17;
  for (std::size_t i = 0; fits && i < node.string.size(); ++i) {
    fits = i % 3 == 2 ? node.string[i] == ':' : is_lower_hex(node.string[i]);
  }
  if (fits) return node.string;
  return bad("a MAC address in lower case, such as `02:00:00:00:00:01`", node.string);
}

Result<std::string> ipv4_address(const ConfigNode& node) {
  const auto address = base::IpAddress::parse(node.string);
  if (address && !address->is_v6() && address->to_string() == node.string) return node.string;
  return bad("an IPv4 address", node.string);
}

Result<std::string> ipv6_address(const ConfigNode& node) {
  const auto address = base::IpAddress::parse(node.string);
  if (address && address->is_v6()) return address->to_string();
  return bad("an IPv6 address", node.string);
}

Result<std::string> ipv4_block(const ConfigNode& node) {
  if (is_block(node.string, false)) return node.string;
  return bad("an IPv4 block such as `10.0.0.0/24`", node.string);
}

Result<std::string> ipv6_block(const ConfigNode& node) {
  if (is_block(node.string, true)) return node.string;
  return bad("an IPv6 block such as `2001:db8::/64`", node.string);
}

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-device-mapping-concepts.html
Result<std::string> block_device_name(const ConfigNode& node) {
  const std::string_view name = node.string;
  for (const std::string_view numbered : {"ebs", "ephemeral"}) {
    const std::string_view digits = name.substr(std::min(numbered.size(), name.size()));
    const bool fits = name.starts_with(numbered) && !digits.empty() && digits.size() <= 3;
    if (fits && all(digits, is_digit)) return node.string;
  }
  if (name == "ami" || name == "root" || name == "swap") return node.string;
  return bad("`ami`, `root`, `swap`, `ebs` or `ephemeral` and a number", name);
}

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
Result<std::string> tag_key(const ConfigNode& node, bool in_metadata) {
  const std::string_view key = node.string;
  if (key.empty() || key.size() > 128 || std::any_of(key.begin(), key.end(), is_control)) {
    return bad("1 to 128 characters", key);
  }
  const auto shown = [](char c) {
    return is_alnum(c) || std::string_view("+-=.,_:@").find(c) != std::string_view::npos;
  };
  if (in_metadata && (!all(key, shown) || key == "." || key == ".." || key == "_index")) {
    return bad(
        "letters, digits and `+-=.,_:@`, and not `.`, `..` or `_index`, as "
        "imds.instance_metadata_tags is enabled",
        key);
  }
  return node.string;
}

Result<std::string> tag_value(const ConfigNode& node) {
  const std::string_view value = node.string;
  if (value.size() <= 256 && std::none_of(value.begin(), value.end(), is_control)) {
    return node.string;
  }
  return bad("at most 256 characters in one line", value);
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
Result<std::string> iam_name(const ConfigNode& node, std::size_t longest) {
  const auto allowed = [](char c) {
    return is_alnum(c) || std::string_view("_+=,.@-").find(c) != std::string_view::npos;
  };
  if (!node.string.empty() && node.string.size() <= longest && all(node.string, allowed)) {
    return node.string;
  }
  return bad("1 to " + std::to_string(longest) + " letters, digits and `_+=,.@-`", node.string);
}

Result<std::string> iam_path(const ConfigNode& node) {
  const std::string_view text = node.string;
  const auto allowed = [](char c) { return c >= 0x21 && c <= 0x7e; };
  if (!text.empty() && text.size() <= 512 && text.front() == '/' && text.back() == '/' &&
      all(text, allowed)) {
    return node.string;
  }
  return bad("a path that begins and ends with `/`", text);
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
Result<std::string> access_key_id(const ConfigNode& node) {
  const auto allowed = [](char c) { return is_alnum(c) || c == '_'; };
  if (node.string.size() < 16 || node.string.size() > 128 || !all(node.string, allowed)) {
    return bad("16 to 128 letters, digits and `_`", node.string);
  }
  if (node.string.starts_with("ASIA")) {
    return fail(Errc::invalid_argument,
                "must not begin with `ASIA`: that marks temporary credentials" + got(node.string));
  }
  return node.string;
}

}  // namespace imdsd::daemon
