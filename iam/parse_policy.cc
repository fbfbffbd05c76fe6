// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "base/codec.h"
#include "iam/policy_document.h"
#include "iam/policy_parser.h"

namespace imdsd::iam {
namespace {

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html: PolicyDocument
constexpr std::size_t kMaxPolicyBytes = 131072;

/// IAM takes tab, line feed, carriage return and U+0020 to U+00FF.
bool is_allowed_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return false;
    // In UTF-8 all that is above U+00FF starts with C4 or more.
    if (byte >= 0xC4) return false;
  }
  return base::is_valid_utf8(text);
}

Parsed<JsonNode> read_json(std::string_view text, PolicyKind kind) {
  if (text.size() > kMaxPolicyBytes) {
    return tl::unexpected(make_error(
        "1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: "
        "Member must have length less than or equal to 131072",
        {}, "policy has " + std::to_string(text.size()) + " bytes"));
  }
  auto root = parse_json(text);
  if (!root) {
    return tl::unexpected(make_fault(PolicyFault::invalid_json, kind, root.error().position,
                                     std::move(root.error().message)));
  }
  if (!is_allowed_text(text)) {
    return tl::unexpected(make_fault(PolicyFault::invalid_json, kind, {},
                                     "a policy has no control characters and none above U+00FF"));
  }
  if (root->kind != JsonNode::Kind::object) {
    return tl::unexpected(
        make_fault(PolicyFault::invalid_json, kind, root->position, "a policy is a JSON object"));
  }
  return *std::move(root);
}

Parsed<PolicyVersion> parse_version(const JsonNode& root, const PolicyContext& context) {
  const JsonNode* node = root.find("Version");
  if (node == nullptr) return PolicyVersion::v2008_10_17;
  if (node->kind == JsonNode::Kind::string && node->text == "2012-10-17") {
    return PolicyVersion::v2012_10_17;
  }
  if (node->kind == JsonNode::Kind::string && node->text == "2008-10-17") {
    return PolicyVersion::v2008_10_17;
  }
  return context.fail(PolicyFault::bad_version, *node,
                      "there is no policy version `" + node->text + "`");
}

Parsed<std::vector<const JsonNode*>> statements_of(const JsonNode& root,
                                                   const PolicyContext& context) {
  const JsonNode* node = root.find("Statement");
  if (node == nullptr) return context.fail(PolicyFault::no_statement, root, "no Statement");
  std::vector<const JsonNode*> out;
  if (node->kind == JsonNode::Kind::object) {
    out.push_back(node);
  } else if (node->kind == JsonNode::Kind::array) {
    for (const JsonNode& item : node->items) out.push_back(&item);
  } else {
    return context.fail(PolicyFault::wrong_type, *node, "Statement is neither object nor list",
                        "Statement");
  }
  if (out.empty()) return context.fail(PolicyFault::empty_statement, *node, "Statement is empty");
  return out;
}

Parsed<void> parse_top_level(const JsonNode& root, PolicyContext& context, PolicyDocument& out) {
  constexpr std::array<std::string_view, 3> kElements{"Version", "Id", "Statement"};
  for (const auto& [name, value] : root.members) {
    if (std::find(kElements.begin(), kElements.end(), name) == kElements.end()) {
      return context.fail(PolicyFault::unknown_element, value,
                          "a policy has no element `" + name + "`", name);
    }
  }
  IMDSD_TRY(context.version, parse_version(root, context));
  out.version = context.version;
  if (const JsonNode* id = root.find("Id")) {
    if (id->kind != JsonNode::Kind::string) {
      return context.fail(PolicyFault::wrong_type, *id, "Id is not a string", "Id");
    }
    out.id = id->text;
  }
  return {};
}

/// As recorded from AWS: inline policies, trust policies and those of resources may have the older
/// version, and no Version means that one; managed policies may not.
Parsed<void> check_version(const JsonNode& root, const PolicyContext& context) {
  if (context.kind != PolicyKind::managed || context.version == PolicyVersion::v2012_10_17) {
    return {};
  }
  const JsonNode* version = root.find("Version");
  if (version == nullptr) {
    return context.fail(PolicyFault::old_version, root,
                        "without a Version a policy is of version 2008-10-17");
  }
  return context.fail(PolicyFault::old_version, *version,
                      "only inline policies may be of version 2008-10-17");
}

tl::expected<ParsedPolicy, PolicyError> parse(std::string_view json, PolicyContext context) {
  IMDSD_TRY(const JsonNode root, read_json(json, context.kind));
  ParsedPolicy parsed;
  IMDSD_TRY_VOID(parse_top_level(root, context, parsed.document));
  IMDSD_TRY(const auto statements, statements_of(root, context));
  FirstFault fault;
  fault.take(check_version(root, context));
  for (const JsonNode* node : statements) {
    parsed.document.statements.push_back(fault.take(parse_statement(*node, context)));
  }
  IMDSD_TRY_VOID(fault.result());
  parsed.document.text = json;
  parsed.warnings = std::move(context.warnings);
  return parsed;
}

}  // namespace

tl::expected<ParsedPolicy, PolicyError> parse_policy(std::string_view json, PolicyKind kind) {
  return parse(json, {.kind = kind, .warnings = {}, .sids = {}});
}

tl::expected<ParsedPolicy, PolicyError> parse_stored_policy(std::string_view json,
                                                            PolicyKind kind) {
  return parse(json, {.kind = kind, .warnings = {}, .sids = {}, .stored = true});
}

}  // namespace imdsd::iam
