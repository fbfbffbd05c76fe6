// SPDX-License-Identifier: MIT
#include "ec2/parameters.h"

#include <algorithm>
#include <array>

#include "aws/parameter_check.h"
#include "base/codec.h"
#include "ec2/errors.h"

namespace imdsd::ec2 {
namespace {

using aws::Outcome;
using aws::QueryParameters;

constexpr std::array<std::string_view, 3> kCommon{"Action", "Version", "DryRun"};
constexpr std::string_view kSigning = "X-Amz-";  // of requests that are signed in the URL

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "Filter.12.Value.3": "Filter.N.Value.N"
std::string shape_of(std::string_view name) {
  std::string shape;
  while (true) {
    const std::size_t dot = name.find('.');
    const std::string_view part = name.substr(0, dot);
    shape += is_number(part) ? "N" : part;
    if (dot == std::string_view::npos) return shape;
    shape += '.';
    name.remove_prefix(dot + 1);
  }
}

}  // namespace

Outcome<void> check_names(std::span<const std::string_view> known,
                          const QueryParameters& parameters) {
  for (const auto& [name, value] : parameters.all()) {
    if (name.starts_with(kSigning)) continue;
    if (std::find(kCommon.begin(), kCommon.end(), name) != kCommon.end()) continue;
    if (std::find(known.begin(), known.end(), shape_of(name)) == known.end()) {
      return unknown_parameter(name);
    }
  }
  return {};
}

std::string member_name(std::string_view parameter) {
  std::string out(parameter);
  bool first = true;
  for (char& c : out) {
    if (first && c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    first = c == '.';
  }
  return out;
}

Outcome<std::string> required_text(const QueryParameters& parameters, std::string_view name) {
  const auto value = parameters.get(name);
  if (!value || value->empty()) return missing_parameter(name);
  return std::string(*value);
}

Outcome<std::optional<bool>> optional_boolean(const QueryParameters& parameters,
                                              std::string_view name) {
  const auto value = parameters.get(name);
  if (!value) return std::nullopt;
  if (base::equals_ignoring_case(*value, "true")) return true;
  if (base::equals_ignoring_case(*value, "false")) return false;
  return invalid_value_of(member_name(name), *value, "It must be true or false.");
}

Outcome<std::optional<std::int32_t>> optional_integer(const QueryParameters& parameters,
                                                      std::string_view name) {
  const auto value = parameters.get(name);
  if (!value) return std::nullopt;
  const auto number = aws::parse_integer(*value);
  if (!number) return invalid_value_of(member_name(name), *value, "It must be an integer.");
  return *number;
}

Outcome<std::optional<bool>> optional_choice(const QueryParameters& parameters,
                                             std::string_view name, std::string_view yes,
                                             std::string_view no) {
  const auto value = parameters.get(name);
  if (!value) return std::nullopt;
  if (*value == yes) return true;
  if (*value == no) return false;
  return invalid_value_of(member_name(name), *value,
                          "It must be " + std::string(no) + " or " + std::string(yes) + ".");
}

std::vector<std::string> numbered_texts(const QueryParameters& parameters, std::string_view name) {
  std::vector<std::string> out;
  for (const QueryParameters& each : parameters.numbered(name)) {
    if (const auto text = each.get("")) out.emplace_back(*text);
  }
  return out;
}

bool is_resource_id(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return (text.size() == 8 || text.size() == 17) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Outcome<MetadataOptionsChange> read_metadata_options(const QueryParameters& parameters,
                                                     std::string_view prefix) {
  constexpr int kMaxHopLimit = 64;
  const auto name = [prefix](std::string_view field) {
    return std::string(prefix) + std::string(field);
  };
  MetadataOptionsChange change;
  IMDSD_TRY(change.tokens_required,
            optional_choice(parameters, name("HttpTokens"), "required", "optional"));
  IMDSD_TRY(change.endpoint_enabled,
            optional_choice(parameters, name("HttpEndpoint"), "enabled", "disabled"));
  IMDSD_TRY(change.tags_in_metadata,
            optional_choice(parameters, name("InstanceMetadataTags"), "enabled", "disabled"));
  const std::string hops = name("HttpPutResponseHopLimit");
  IMDSD_TRY(change.hop_limit, optional_integer(parameters, hops));
  if (change.hop_limit && (*change.hop_limit < 1 || *change.hop_limit > kMaxHopLimit)) {
    return invalid_value_of(member_name(hops), std::to_string(*change.hop_limit),
                            "It must be between 1 and 64.");
  }
  IMDSD_TRY(const auto ipv6,
            optional_choice(parameters, name("HttpProtocolIpv6"), "enabled", "disabled"));
  if (ipv6.value_or(false)) {
    return unsupported(
        "HttpProtocolIpv6 cannot be enabled for one instance: imds.listen says which addresses "
        "serve metadata, those of IPv6 included.");
  }
  return change;
}

}  // namespace imdsd::ec2
