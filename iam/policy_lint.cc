// SPDX-License-Identifier: MIT
#include "iam/policy_lint.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "base/codec.h"
#include "base/nearest_name.h"
#include "iam/action_table.h"
#include "iam/arn_overlap.h"

namespace imdsd::iam {
namespace {

using Actions = std::vector<const ActionInfo*>;

std::string in_quotes(std::string_view text) {
  return "`" + std::string(text) + "`";
}

std::string full_name(const ActionInfo& action) {
  return std::string(action.service) + ":" + std::string(action.name);
}

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

/// API operations of S3 that are permitted by actions of other names
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html).
struct Operation {
  std::string_view name, permitted_by;
};
constexpr std::array<Operation, 12> kOperations{{
    {"s3:CompleteMultipartUpload", "s3:PutObject"},
    {"s3:CopyObject", "s3:PutObject"},
    {"s3:CreateMultipartUpload", "s3:PutObject"},
    {"s3:DeleteObjects", "s3:DeleteObject"},
    {"s3:HeadBucket", "s3:ListBucket"},
    {"s3:HeadObject", "s3:GetObject"},
    {"s3:ListBuckets", "s3:ListAllMyBuckets"},
    {"s3:ListMultipartUploads", "s3:ListBucketMultipartUploads"},
    {"s3:ListObjects", "s3:ListBucket"},
    {"s3:ListObjectsV2", "s3:ListBucket"},
    {"s3:ListParts", "s3:ListMultipartUploadParts"},
    {"s3:UploadPart", "s3:PutObject"},
}};

/// What is wrong with the name of an action that its service does not have.
std::string describe_unknown_action(std::string_view text, std::string_view service) {
  if (has_wildcard(text))
    return "action " + in_quotes(text) + " matches no action of " + in_quotes(service);
  for (const Operation& operation : kOperations) {
    if (base::equals_ignoring_case(operation.name, text)) {
      return in_quotes(text) + " is an operation of the API, not an action: what permits it is " +
             in_quotes(operation.permitted_by);
    }
  }
  std::vector<std::string_view> names;
  for (const ActionInfo& action : actions_of(service)) names.push_back(action.name);
  const std::string_view near = base::nearest_name(text.substr(service.size() + 1), names);
  return "action " + in_quotes(text) + " matches no action of " + in_quotes(service) +
         (near.empty()
              ? ""
              : ", did you mean `" + std::string(service) + ":" + std::string(near) + "`?");
}

Actions actions_matched_by(const ActionPattern& pattern, std::string_view service) {
  if (!has_wildcard(pattern.text())) {
    const ActionInfo* action = find_action(pattern.text());
    return action == nullptr ? Actions{} : Actions{action};
  }
  Actions out;
  for (const ActionInfo& action : actions_of(service)) {
    if (pattern.matches_lower(base::to_lower(full_name(action)))) out.push_back(&action);
  }
  return out;
}

/// `*`, and what ends in it: arn:aws:s3:::* is how AWS writes "all buckets".
bool names_everything(std::string_view resource, std::string_view service) {
  const auto arn = ArnView::of(resource);
  if (!arn) return true;  // `*`, or segments left out, which match anything
  return arn->segments[5] == "*" &&
         (has_wildcard(arn->segments[2]) || base::equals_ignoring_case(arn->segments[2], service));
}

class StatementLint {
 public:
  StatementLint(const Statement& statement, std::vector<PolicyError>& warnings)
      : statement_(statement), warnings_(warnings) {}

  void run() {
    for (const ActionPattern& pattern : statement_.actions) {
      if (warnings_.size() >= kMaxLintWarnings) return;
      check(pattern);
    }
  }

 private:
  void warn(std::string message) {
    warnings_.push_back(
        {.message = std::move(message), .line = statement_.start.line, .detail = {}});
  }

  void check(const ActionPattern& pattern) {
    const std::string_view text = pattern.text();
    // parse_policy() warns about a space.
    if (text == "*" || text.find_first_of(" \t\r\n") != std::string_view::npos) return;
    const std::string_view service = text.substr(0, text.find(':'));
    if (!is_service_prefix(service)) {
      warn("AWS has no service " + in_quotes(service) + " as in action " + in_quotes(text) +
           base::suggest(service, service_prefixes()));
      return;
    }
    if (actions_of(service).empty()) return;
    const Actions matched = actions_matched_by(pattern, service);
    if (matched.empty()) {
      warn(describe_unknown_action(text, service));
    } else if (names_specific_resources(service) && !can_match_any(matched)) {
      warn(describe_mismatch(text, matched));
    }
  }

  [[nodiscard]] bool names_specific_resources(std::string_view service) const {
    return !statement_.not_action && !statement_.not_resource && !statement_.resources.empty() &&
           std::none_of(
               statement_.resources.begin(), statement_.resources.end(),
               [&](const ResourcePattern& r) { return names_everything(r.text(), service); });
  }

  /// Some resource of the statement is one that some of these actions acts on.
  bool can_match_any(const Actions& actions) {
    return std::any_of(actions.begin(), actions.end(), [this](const ActionInfo* action) {
      return std::any_of(action->resources.begin(), action->resources.end(),
                         [this](const ResourceType* type) { return is_named(*type); });
    });
  }

  bool is_named(const ResourceType& type) {
    const auto [at, is_new] = named_.try_emplace(&type, false);
    if (is_new) {
      at->second =
          std::any_of(statement_.resources.begin(), statement_.resources.end(),
                      [&](const ResourcePattern& r) { return arns_overlap(r.text(), type.arn); });
    }
    return at->second;
  }

  [[nodiscard]] std::string describe_mismatch(std::string_view text, const Actions& actions) const {
    std::vector<const ResourceType*> types;
    for (const ActionInfo* action : actions) {
      for (const ResourceType* type : action->resources) {
        if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
      }
    }
    const std::string start = "action " + in_quotes(text);
    if (types.empty()) {
      return start +
             " is on no particular resource, and a statement that names resources never "
             "matches it: give it a statement with \"Resource\": \"*\"";
    }
    const std::string instead = s3_resource_for(types);
    if (!instead.empty()) {
      const bool objects = instead.ends_with("/*");
      return start + " is on " + (objects ? "objects" : "buckets") +
             ", and no Resource here names " + (objects ? "any" : "one") + ": write " +
             in_quotes(instead);
    }
    // A wildcard can match actions on dozens of kinds.
    constexpr std::size_t kMaxForms = 3;
    std::string forms;
    for (std::size_t i = 0; i < std::min(types.size(), kMaxForms); ++i) {
      forms += (i == 0 ? "" : ", ") + in_quotes(types[i]->arn);
    }
    if (types.size() > kMaxForms) forms += " or others";
    return start + " is on " + forms + ", and no Resource here can match that";
  }

  /// What the first S3 resource here should have been: `/*` behind a bucket, a bucket before `/`.
  [[nodiscard]] std::string s3_resource_for(const std::vector<const ResourceType*>& types) const {
    const auto acts_on = [&](std::string_view kind) {
      return std::any_of(types.begin(), types.end(), [&](const ResourceType* type) {
        return type->service == "s3" && type->name == kind;
      });
    };
    const bool objects = acts_on("object");
    if (!objects && !acts_on("bucket")) return "";
    for (const ResourcePattern& resource : statement_.resources) {
      const auto arn = ArnView::of(resource.text());
      if (!arn || arn->segments[2] != "s3" || !arn->segments[3].empty() ||
          !arn->segments[4].empty())
        continue;
      const std::size_t slash = resource.text().find('/');
      if (objects && slash == std::string::npos) return resource.text() + "/*";
      if (!objects && slash != std::string::npos) return resource.text().substr(0, slash);
    }
    return "";
  }

  const Statement& statement_;
  std::vector<PolicyError>& warnings_;
  std::map<const ResourceType*, bool> named_;  // is_named(), once each
};

}  // namespace

std::vector<PolicyError> lint_policy(const PolicyDocument& document) {
  std::vector<PolicyError> warnings;
  if (document.text.size() > kMaxLintBytes) return warnings;
  for (const Statement& statement : document.statements) {
    StatementLint(statement, warnings).run();
  }
  return warnings;
}

}  // namespace imdsd::iam
