// SPDX-License-Identifier: MIT
#include "imds/region_names.h"

#include <algorithm>
#include <utility>

namespace imdsd::imds {
namespace {

constexpr std::string_view kDigits = "0123456789";

/// The length of `name` up to the end of its first run of digits.
std::size_t end_of_first_number(std::string_view name) {
  const std::size_t first = name.find_first_of(kDigits);
  if (first == std::string_view::npos) return name.size();
  return std::min(name.find_first_not_of(kDigits, first), name.size());
}

std::string_view take_word(std::string_view& name) {
  const std::size_t dash = name.find('-');
  const std::string_view word = name.substr(0, dash);
  name.remove_prefix(dash == std::string_view::npos ? name.size() : dash + 1);
  return word;
}

/// "southeast" is se, "gov" is g.
std::string short_word(std::string_view word) {
  for (const std::string_view way : {"north", "south"}) {
    const bool compound = word.starts_with(way) && word.size() > way.size();
    if (compound) return {way[0], word[way.size()]};
  }
  return std::string(word.substr(0, 1));
}

/// "ap-southeast-2" is apse2.
std::string short_region(std::string_view region) {
  std::string out(take_word(region));
  while (!region.empty()) {
    const std::string_view word = take_word(region);
    const bool number = !word.empty() && kDigits.find(word[0]) != std::string_view::npos;
    out += number ? std::string(word) : short_word(word);
  }
  return out;
}

}  // namespace

std::string region_of_zone(std::string_view availability_zone) {
  return std::string(availability_zone.substr(0, end_of_first_number(availability_zone)));
}

std::string zone_id(std::string_view availability_zone) {
  const std::string region = region_of_zone(availability_zone);
  std::string id = short_region(region);
  std::string_view rest = availability_zone.substr(region.size());
  if (rest.starts_with('-')) {  // a local zone: "-lax-1a"
    rest.remove_prefix(1);
    id.push_back('-');
    id += take_word(rest);
    const std::size_t number = end_of_first_number(rest);
    id += rest.substr(0, number);
    rest.remove_prefix(number);
  }
  const bool lettered = !rest.empty() && rest[0] >= 'a' && rest[0] <= 'z';
  return id + "-az" + std::to_string(lettered ? rest[0] - 'a' + 1 : 1);
}

// https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html; the same prefixes and
// suffixes are in the SDKs' partitions.json.
std::string_view partition_of_region(std::string_view region) noexcept {
  constexpr std::pair<std::string_view, std::string_view> kPartitions[] = {
      {"cn-", "aws-cn"},         {"us-gov-", "aws-us-gov"}, {"us-iso-", "aws-iso"},
      {"us-isob-", "aws-iso-b"}, {"eu-isoe-", "aws-iso-e"}, {"us-isof-", "aws-iso-f"},
  };
  for (const auto& [prefix, partition] : kPartitions) {
    if (region.starts_with(prefix)) return partition;
  }
  return "aws";
}

std::string_view services_domain(std::string_view partition) noexcept {
  constexpr std::pair<std::string_view, std::string_view> kDomains[] = {
      {"aws-cn", "amazonaws.com.cn"},  {"aws-iso", "c2s.ic.gov"},
      {"aws-iso-b", "sc2s.sgov.gov"},  {"aws-iso-e", "cloud.adc-e.uk"},
      {"aws-iso-f", "csp.hci.ic.gov"},
  };
  for (const auto& [name, domain] : kDomains) {
    if (partition == name) return domain;
  }
  return "amazonaws.com";
}

}  // namespace imdsd::imds
