// SPDX-License-Identifier: MIT
#include <algorithm>

#include "base/codec.h"
#include "base/nearest_name.h"
#include "iam/action_table.h"
#include "iam/policy_parser.h"

namespace imdsd::iam {
namespace {

bool is_vendor(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '.';
  });
}

bool has_space(std::string_view action) {
  return action.find_first_of(" \t\r\n") != std::string_view::npos;
}

/// Of what does not read as an action at all, as `sts: AssumeRole`, AWS makes no error.
bool is_trust_action(std::string_view action, std::string_view vendor, bool stored) {
  if (vendor.size() == action.size() || !base::equals_ignoring_case(vendor, "sts")) return false;
  if (stored || has_space(action) || find_action(action) != nullptr) return true;
  const auto pattern = ActionPattern::compile(action);
  return std::ranges::any_of(actions_of("sts"), [&](const ActionInfo& known) {
    return pattern.matches_lower("sts:" + base::to_lower(known.name));
  });
}

/// For our log: the action, and in a trust policy one of STS that it may be meant for.
std::string describe(const std::string& action, PolicyKind kind) {
  std::string out = "action `" + action + "`";
  if (kind != PolicyKind::trust) return out;
  std::vector<std::string_view> names;
  for (const ActionInfo& known : actions_of("sts")) names.push_back(known.name);
  const std::string_view name = std::string_view(action).substr(action.find(':') + 1);
  const std::string_view near = base::nearest_name(name, names);
  return near.empty() ? out : out + ", did you mean `sts:" + std::string(near) + "`?";
}

/// The text of the error, empty when the action may stand here.
std::string action_error(std::string_view action, const PolicyContext& context) {
  const auto colons = std::count(action.begin(), action.end(), ':');
  const std::string_view vendor = action.substr(0, action.find(':'));
  if (context.kind == PolicyKind::trust) {
    return is_trust_action(action, vendor, context.stored)
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
    if (auto error = action_error(text->text, context); !error.empty()) {
      return tl::unexpected(
          make_error(std::move(error), text->position, describe(text->text, context.kind)));
    }
    // AWS stores such an action, which then matches nothing.
    if (has_space(text->text)) {
      context.warn(*text, "action `" + text->text +
                              "` has a space in it and matches nothing; remove the space");
    }
    out.push_back(ActionPattern::compile(text->text));
  }
  return out;
}

}  // namespace imdsd::iam
