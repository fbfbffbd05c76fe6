// SPDX-License-Identifier: MIT
#include "daemon/config_network.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config_values.h"

namespace imdsd::daemon {
namespace {

using base::Result;

/// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachNetworkInterface.html has no
/// bound; no instance type has so many.
constexpr int kMaxIndex = 255;

auto small_number() {
  return [](const ConfigNode& node) -> Result<int> {
    IMDSD_TRY(const auto value, integer_between(node, 0, kMaxIndex));
    return static_cast<int>(value);
  };
}

auto id_with(std::string_view prefix) {
  return [prefix](const ConfigNode& node) { return resource_id(node, prefix); };
}

/// The same as each(), none twice: the tree has a row for each address.
template <class Convert>
auto each_once(Convert convert) {
  return [list = each(convert)](const ConfigNode& node) -> Result<std::vector<std::string>> {
    IMDSD_TRY(auto items, list(node));
    std::set<std::string_view> seen;
    for (const std::string& item : items) {
      if (seen.insert(item).second) continue;
      return base::fail(base::Errc::invalid_argument, "names `" + item + "` twice");
    }
    return items;
  };
}

void read_addresses(const ConfigSection& section, imds::NetworkInterface& out) {
  section.read("local_ipv4s", out.local_ipv4s, each_once(ipv4_address));
  section.read("public_ipv4s", out.public_ipv4s, each_once(ipv4_address));
  section.read("ipv6s", out.ipv6s, each_once(ipv6_address));
  section.read("ipv4_prefixes", out.ipv4_prefixes, each_once(ipv4_block));
  section.read("ipv6_prefixes", out.ipv6_prefixes, each_once(ipv6_block));
  section.read("local_hostname", out.local_hostname, host_name);
  section.read("public_hostname", out.public_hostname, host_name);
  const ConfigNode* const addresses = section.find("local_ipv4s");
  if (!addresses || !addresses->items.empty()) return;
  out.ipv6_only = true;
  if (out.ipv6s.empty()) section.add_problem("local_ipv4s", "may be empty only beside ipv6s");
}

imds::NetworkInterface read_interface(const ConfigSection& section) {
  imds::NetworkInterface out;
  section.read("mac", out.mac, mac_address);
  section.read("interface_id", out.interface_id, id_with("eni-"));
  section.read("device_number", out.device_number, small_number());
  section.read("network_card", out.network_card, small_number());
  section.read("owner_id", out.owner_id, account_id);
  section.read("security_groups", out.security_groups, each(line_of_text));
  section.read("security_group_ids", out.security_group_ids, each(id_with("sg-")));
  section.read("subnet_id", out.subnet_id, id_with("subnet-"));
  section.read("subnet_ipv4_cidr_block", out.subnet_ipv4_cidr_block, ipv4_block);
  section.read("subnet_ipv6_cidr_blocks", out.subnet_ipv6_cidr_blocks, each(ipv6_block));
  section.read("vpc_id", out.vpc_id, id_with("vpc-"));
  section.read("vpc_ipv4_cidr_blocks", out.vpc_ipv4_cidr_blocks, each(ipv4_block));
  section.read("vpc_ipv6_cidr_blocks", out.vpc_ipv6_cidr_blocks, each(ipv6_block));
  read_addresses(section, out);
  return out;
}

/// The short way of saying the usual things about the first interface.
void read_first(const ConfigSection& instance, const ConfigSection* table,
                imds::NetworkInterface& out) {
  const auto read = [&](std::string_view key, std::string_view in_table, auto& field,
                        const auto& convert) {
    if (instance.has(key) && table != nullptr && table->has(in_table)) {
      instance.add_problem(key, "cannot be combined with " + table->path_of(in_table));
    }
    instance.read(key, field, convert);
  };
  const auto only = [](const ConfigNode& node) -> Result<std::vector<std::string>> {
    IMDSD_TRY(auto address, ipv4_address(node));
    return std::vector<std::string>{std::move(address)};
  };
  read("mac", "mac", out.mac, mac_address);
  read("local_ipv4", "local_ipv4s", out.local_ipv4s, only);
  read("public_ipv4", "public_ipv4s", out.public_ipv4s, only);
  if (instance.has("local_ipv4")) out.ipv6_only = false;
}

/// An address is that of one interface.
void check_addresses(const std::vector<ConfigSection>& tables,
                     const std::vector<imds::NetworkInterface>& interfaces) {
  std::set<std::pair<std::string_view, std::string>> seen;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const imds::NetworkInterface& one = interfaces[i];
    const auto check = [&](std::string_view key, const std::vector<std::string>& addresses) {
      for (const std::string& address : addresses) {
        if (seen.emplace(key, address).second) continue;
        tables[i].add_problem(key, "`" + address + "` belongs to another interface");
      }
    };
    check("local_ipv4s", one.local_ipv4s);
    check("public_ipv4s", one.public_ipv4s);
    check("ipv6s", one.ipv6s);
    check("ipv4_prefixes", one.ipv4_prefixes);
    check("ipv6_prefixes", one.ipv6_prefixes);
  }
}

/// What no interface was given follows from the instance's id, and may be what another one was
/// given (or, once in thousands, what follows for another one).
class DerivedChecker {
 public:
  DerivedChecker(const ConfigSection& instance, const std::vector<ConfigSection>& tables,
                 imds::InstanceDescription& given)
      : instance_(instance), tables_(tables), given_(given), whole_(imds::complete(given)) {}

  void check() {
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      for (std::size_t j = 0; j < tables_.size(); ++j) {
        if (i != j) check(i, j);
      }
    }
  }

 private:
  /// What was derived for `j` against what `i` has.
  void check(std::size_t i, std::size_t j) {
    const imds::NetworkInterface &given = given_.interfaces[j], &derived = whole_.interfaces[j];
    const imds::NetworkInterface& other = whole_.interfaces[i];
    // Of two derived ones, the later is told.
    const auto is_told = [&](bool is_derived_too) { return !is_derived_too || i > j; };
    if (given.mac.empty() && derived.mac == other.mac &&
        is_told(given_.interfaces[i].mac.empty())) {
      refuse(i, j, "mac", "mac", derived.mac);
      given_.interfaces[i].mac.clear();  // told: the tree, where it is a folder, can be built
    }
    if (!given.local_ipv4s.empty() || derived.local_ipv4s.empty()) return;
    const std::string& address = derived.local_ipv4s.front();
    const auto& taken = other.local_ipv4s;
    if (std::find(taken.begin(), taken.end(), address) != taken.end() &&
        is_told(given_.interfaces[i].local_ipv4s.empty())) {
      refuse(i, j, "local_ipv4", "local_ipv4s", address);
    }
  }

  /// At the key that gave it, of the instance or of the table.
  void refuse(std::size_t i, std::size_t j, std::string_view key, std::string_view in_table,
              const std::string& value) const {
    const bool by_instance = i == 0 && !tables_[0].has(in_table) && instance_.has(key);
    const ConfigSection& section = by_instance ? instance_ : tables_[i];
    section.add_problem(by_instance ? key : in_table,
                        "`" + value + "` belongs to another interface: it is what follows for " +
                            tables_[j].path_of(in_table) + ", which is not set");
  }

  const ConfigSection& instance_;
  const std::vector<ConfigSection>& tables_;
  imds::InstanceDescription& given_;
  const imds::InstanceDescription whole_;
};

/// A MAC address is a folder of the tree, and a network card has each device number once.
void check_distinct(const std::vector<ConfigSection>& tables,
                    std::vector<imds::NetworkInterface>& interfaces) {
  std::set<std::string> macs;
  std::set<std::pair<int, int>> numbers;
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    imds::NetworkInterface& one = interfaces[i];
    if (!one.mac.empty() && !macs.insert(one.mac).second) {
      tables[i].add_problem("mac", "`" + one.mac + "` belongs to another interface");
      one.mac.clear();
    }
    const int number = one.device_number.value_or(static_cast<int>(i));
    if (!numbers.emplace(one.network_card, number).second) {
      tables[i].add_problem("device_number", std::string(one.device_number ? "" : "is required: ") +
                                                 "`" + std::to_string(number) +
                                                 (one.device_number ? "`" : "`, its place,") +
                                                 " belongs to another interface of network card " +
                                                 std::to_string(one.network_card));
    }
  }
}

}  // namespace

void read_network(const ConfigSection& instance, imds::InstanceDescription& out) {
  const auto tables = instance.sections("network_interface");
  for (const auto& table : tables) out.interfaces.push_back(read_interface(table));
  if (out.interfaces.empty()) out.interfaces.emplace_back();
  read_first(instance, tables.empty() ? nullptr : &tables.front(), out.interfaces.front());
  check_distinct(tables, out.interfaces);
  check_addresses(tables, out.interfaces);
  if (tables.size() > 1) DerivedChecker(instance, tables, out).check();
}

}  // namespace imdsd::daemon
