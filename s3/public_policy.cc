// SPDX-License-Identifier: MIT
#include "s3/public_policy.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/codec.h"
#include "iam/condition_ip.h"
#include "iam/json_document.h"

namespace imdsd::s3 {
namespace {

using iam::JsonNode;

/// Keys whose fixed values stand for somebody or some place that is trusted.
constexpr std::array<std::string_view, 14> kTrustedKeys{
    "aws:principalaccount",     "aws:principalarn",
    "aws:principalorgid",       "aws:principalorgpaths",
    "aws:sourceaccount",        "aws:sourcearn",
    "aws:sourceowner",          "aws:sourcevpc",
    "aws:sourcevpce",           "aws:userid",
    "aws:principalservicename", "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",    "s3:x-amz-server-side-encryption-aws-kms-key-id",
};

/// Operators by which a statement holds for these values alone.
constexpr std::array<std::string_view, 6> kEqualities{
    "stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"};

// Wider ranges of addresses are public: "very broad" in the words of the user guide.
constexpr unsigned kLeastBitsV4 = 8, kLeastBitsV6 = 32;

bool is_fixed(std::string_view value) {
  return value.find_first_of("*?") == std::string_view::npos &&
         value.find("${") == std::string_view::npos;
}

/// In ARNs a wildcard behind the account leaves the account fixed; elsewhere none is.
bool is_fixed_arn(std::string_view value) {
  std::size_t at = 0;
  for (int colon = 0; colon < 5; ++colon) {
    at = value.find(':', at);
    if (at == std::string_view::npos) return is_fixed(value);
    ++at;
  }
  const std::string_view account = value.substr(0, at - 1).substr(value.rfind(':', at - 2) + 1);
  return (!account.empty() && is_fixed(value.substr(0, at))) || is_fixed(value);
}

/// A wildcard in aws:userid is one, too: "AROLEID:*" is not fixed.
bool is_trusted_value(std::string_view key, std::string_view value) {
  if (key == "aws:sourceip") {
    const auto range = iam::Cidr::parse(value);
    return range && range->bits >= (range->v6 ? kLeastBitsV6 : kLeastBitsV4);
  }
  if (key == "aws:sourcearn" || key == "aws:principalarn") return is_fixed_arn(value);
  return is_fixed(value);
}

std::vector<std::string_view> texts_of(const JsonNode& node) {
  if (node.kind != JsonNode::Kind::array) return {node.text};
  std::vector<std::string_view> out;
  for (const JsonNode& item : node.items) out.push_back(item.text);
  return out;
}

bool is_trusted_key(std::string_view key) {
  return key == "aws:sourceip" ||
         std::find(kTrustedKeys.begin(), kTrustedKeys.end(), key) != kTrustedKeys.end();
}

/// Does one of the conditions keep all strangers out?
bool is_limited(const JsonNode* conditions) {
  if (conditions == nullptr) return false;
  for (const auto& [op, keys] : conditions->members) {
    std::string name = base::to_lower(op);
    // ForAllValues and …IfExists hold for requests without the key, too.
    if (constexpr std::string_view kAny = "foranyvalue:"; name.starts_with(kAny)) {
      name.erase(0, kAny.size());
    }
    if (std::find(kEqualities.begin(), kEqualities.end(), name) == kEqualities.end()) continue;
    for (const auto& [key, values] : keys.members) {
      const std::string lower = base::to_lower(key);
      const auto all = texts_of(values);
      if (is_trusted_key(lower) && !all.empty() &&
          std::all_of(all.begin(), all.end(), [&lower](std::string_view value) {
            return is_trusted_value(lower, value);
          })) {
        return true;
      }
    }
  }
  return false;
}

bool names_anyone(const JsonNode& statement) {
  const JsonNode* principal = statement.find("Principal");
  if (principal == nullptr) return true;  // NotPrincipal allows all others
  if (principal->kind == JsonNode::Kind::string) return true;
  return std::any_of(principal->members.begin(), principal->members.end(), [](const auto& member) {
    const auto all = texts_of(member.second);
    return std::find(all.begin(), all.end(), "*") != all.end();
  });
}

bool is_public_statement(const JsonNode& statement) {
  const JsonNode* effect = statement.find("Effect");
  const bool allows = effect == nullptr || effect->text != "Deny";
  return allows && names_anyone(statement) && !is_limited(statement.find("Condition"));
}

}  // namespace

bool is_public_policy(std::string_view policy) {
  const auto root = iam::parse_json(policy);
  if (!root) return true;
  const JsonNode* statements = root->find("Statement");
  if (statements == nullptr) return true;
  if (statements->kind != JsonNode::Kind::array) return is_public_statement(*statements);
  return std::any_of(statements->items.begin(), statements->items.end(), is_public_statement);
}

}  // namespace imdsd::s3
