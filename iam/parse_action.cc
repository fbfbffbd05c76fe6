// SPDX-License-Identifier: MIT
#include <algorithm>

#include "base/codec.h"
#include "iam/policy_parser.h"

namespace imdsd::iam {
namespace {

bool is_vendor(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '.';
  });
}

/// The text of the error, empty when the action may stand here.
std::string action_error(std::string_view action, PolicyKind kind) {
  const auto colons = std::count(action.begin(), action.end(), ':');
  const std::string_view vendor = action.substr(0, action.find(':'));
  if (kind == PolicyKind::trust) {
    return colons > 0 && base::equals_ignoring_case(vendor, "sts")
               ? ""
               : "AssumeRole policy may only specify STS AssumeRole actions.";
  }
  if (action == "*") return "";
  if (colons == 0) {
    return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  }
  if (colons > 1) return "Actions/Condition can contain only one colon.";
  return is_vendor(vendor) ? "" : "Vendor " + std::string(vendor) + " is not valid";
}

}  // namespace

Parsed<std::vector<const JsonNode*>> strings_of(const JsonNode& node, std::string_view element,
                                                const PolicyContext& context) {
  const auto wrong = [&](const JsonNode& at) {
    return context.fail(PolicyFault::wrong_type, at,
                        std::string(element) + " is a string or a list of strings", element);
  };
  std::vector<const JsonNode*> out;
  if (node.kind == JsonNode::Kind::string) {
    out.push_back(&node);
  } else if (node.kind == JsonNode::Kind::array) {
    for (const JsonNode& item : node.items) {
      if (item.kind != JsonNode::Kind::string) return wrong(item);
      out.push_back(&item);
    }
  } else {
    return wrong(node);
  }
  return out;
}

Parsed<std::vector<ActionPattern>> parse_actions(const JsonNode& node, std::string_view element,
                                                 PolicyContext& context) {
  IMDSD_TRY(const auto texts, strings_of(node, element, context));
  if (texts.empty()) {
    return context.fail(PolicyFault::empty_action, node, std::string(element) + " is empty");
  }
  std::vector<ActionPattern> out;
  for (const JsonNode* text : texts) {
    if (auto error = action_error(text->text, context.kind); !error.empty()) {
      return tl::unexpected(
          make_error(std::move(error), text->position, "action `" + text->text + "`"));
    }
    // AWS stores such an action, which then matches nothing.
    if (text->text.find_first_of(" \t\r\n") != std::string::npos) {
      context.warn(*text, "action `" + text->text +
                              "` has a space in it and matches nothing; remove the space");
    }
    out.push_back(ActionPattern::compile(text->text));
  }
  return out;
}

}  // namespace imdsd::iam
