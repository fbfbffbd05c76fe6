// SPDX-License-Identifier: MIT
#include <algorithm>

#include "base/codec.h"
#include "iam/condition_key_table.h"
#include "iam/names.h"
#include "iam/policy_parser.h"

namespace imdsd::iam {
namespace {

/// Strings, numbers, true and false, one or a list. Numbers and booleans stand as they were
/// written.
Parsed<std::vector<std::string>> condition_values(const JsonNode& node,
                                                  const PolicyContext& context) {
  const auto is_value = [](const JsonNode& value) {
    return value.kind == JsonNode::Kind::string || value.kind == JsonNode::Kind::number ||
           value.kind == JsonNode::Kind::boolean;
  };
  std::vector<std::string> out;
  if (is_value(node)) {
    out.push_back(node.text);
    return out;
  }
  if (node.kind != JsonNode::Kind::array) {
    return context.fail(PolicyFault::wrong_type, node, "a condition's value is no object or null",
                        "Condition");
  }
  for (const JsonNode& item : node.items) {
    if (!is_value(item)) {
      return context.fail(PolicyFault::wrong_type, item,
                          "a condition's value is a string, number or boolean", "Condition");
    }
    out.push_back(item.text);
  }
  return out;
}

/// Providers of AWS have no ports; those on loopback, which are ours alone, hardly do without.
bool is_of_loopback_provider(std::string_view key) {
  return is_oidc_provider_url("http://" + std::string(key.substr(0, key.rfind(':'))));
}

/// Trust policies that name an OIDC provider with its https:// fail so in AWS. Tag keys may have
/// colons.
bool has_two_colons(std::string_view key) {
  return std::count(key.begin(), key.end(), ':') > 1 &&
         !base::equals_ignoring_case(key.substr(0, 4), "aws:") && !is_of_loopback_provider(key);
}

void warn_about_key(const JsonNode& node, const std::string& key, PolicyContext& context) {
  if (!is_never_filled(base::to_lower(key))) return;
  context.warn(node, "condition key `" + key +
                         "` is never there in a request to this daemon; it counts as absent");
}

Parsed<Condition> parse_one(const std::string& op, const std::string& key, const JsonNode& node,
                            PolicyContext& context) {
  if (context.kind == PolicyKind::trust && has_two_colons(key)) {
    return tl::unexpected(make_error("Condition can contain only one colon.", node.position,
                                     "condition key `" + key + "`"));
  }
  IMDSD_TRY(const auto values, condition_values(node, context));
  auto condition = Condition::make(op, key, values, context.has_variables());
  if (condition) {
    warn_about_key(node, key, context);
    return *std::move(condition);
  }
  const base::Error& error = condition.error();
  if (error.code == base::Errc::not_found) {
    return context.fail(PolicyFault::unknown_operator, node, error.message, op);
  }
  const bool is_date = op.find("Date") != std::string::npos;
  return context.fail(is_date ? PolicyFault::unreadable_date : PolicyFault::unreadable_condition,
                      node, op + " on `" + key + "`: " + error.message, op);
}

}  // namespace

Parsed<std::vector<Condition>> parse_conditions(const JsonNode& node, PolicyContext& context) {
  if (node.kind != JsonNode::Kind::object) {
    return context.fail(PolicyFault::wrong_type, node, "Condition is not an object", "Condition");
  }
  std::vector<Condition> out;
  for (const auto& [op, keys] : node.members) {
    if (keys.kind != JsonNode::Kind::object) {
      return context.fail(PolicyFault::wrong_type, keys, op + " is not an object", "Condition");
    }
    // An operator without keys asks for nothing, and AWS accepts it whatever its name.
    for (const auto& [key, values] : keys.members) {
      IMDSD_TRY(auto condition, parse_one(op, key, values, context));
      out.push_back(std::move(condition));
    }
  }
  return out;
}

}  // namespace imdsd::iam
