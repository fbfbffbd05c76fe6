// SPDX-License-Identifier: MIT
#include "s3/bucket_policy.h"

#include <algorithm>
#include <utility>

#include "base/codec.h"
#include "base/log.h"
#include "iam/action_table.h"
#include "iam/glob.h"
#include "iam/principal_binding.h"
#include "s3/bucket_policy_conditions.h"
#include "s3/canonical_principals.h"
#include "s3/errors.h"
#include "s3/public_policy.h"

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;

constexpr const char* kPolicyName = "BucketPolicy";

tl::unexpected<aws::S3Error> malformed(std::string message) {
  return tl::unexpected(aws::S3Error{400, "MalformedPolicy", std::move(message)});
}

/// The part of a resource behind `arn:PARTITION:s3:::`; empty for all other ARNs and for `*`.
std::string_view behind_service(std::string_view resource) {
  if (!resource.starts_with("arn:")) return {};
  const std::size_t partition_end = resource.find(':', 4);
  if (partition_end == std::string_view::npos) return {};
  constexpr std::string_view kService = ":s3:::";
  const std::string_view rest = resource.substr(partition_end);
  return rest.starts_with(kService) ? rest.substr(kService.size()) : std::string_view{};
}

/// Which of a bucket's resources a statement is about.
struct Coverage {
  bool bucket = false, objects = false;
};

bool is_of_bucket(std::string_view pattern, std::string_view bucket) {
  const auto glob = iam::Glob::compile(pattern.substr(0, pattern.find('/')), {});
  return glob && glob->matches(bucket);
}

S3Outcome<Coverage> coverage_of(const iam::Statement& statement, std::string_view bucket) {
  Coverage coverage;
  for (const auto& resource : statement.resources) {
    const std::string_view pattern = behind_service(resource.text());
    if (pattern.empty() || !is_of_bucket(pattern, bucket)) {
      return malformed("Policy has invalid resource");
    }
    const bool names_objects = pattern.find('/') != std::string_view::npos;
    coverage.bucket = coverage.bucket || !names_objects;
    coverage.objects = coverage.objects || names_objects || pattern.ends_with('*');
  }
  return statement.not_resource ? Coverage{true, true} : coverage;
}

bool applies(const iam::ActionInfo& action, const Coverage& coverage) {
  return std::any_of(action.resources.begin(), action.resources.end(), [&](const auto* resource) {
    return (coverage.bucket && resource->name == "bucket") ||
           (coverage.objects && resource->name == "object");
  });
}

/// Actions of S3 alone; each must have something to do with one of the resources.
S3Outcome<void> check_action(const iam::ActionPattern& pattern, const Coverage& coverage) {
  if (pattern.text() == "*") return {};
  bool known = false;
  constexpr std::string_view kPrefix = "s3:";
  if (base::equals_ignoring_case(pattern.text().substr(0, kPrefix.size()), kPrefix)) {
    for (const iam::ActionInfo& action : iam::actions_of("s3")) {
      if (!pattern.matches_lower(std::string(kPrefix) + base::to_lower(action.name))) continue;
      known = true;
      if (applies(action, coverage)) return {};
    }
  }
  if (!known) return malformed("Policy has invalid action");
  return malformed("Action does not apply to any resource(s) in statement");
}

S3Outcome<void> check_statement(const iam::Statement& statement, std::string_view bucket) {
  IMDSD_TRY(const Coverage coverage, coverage_of(statement, bucket));
  if (!statement.not_action) {
    for (const auto& action : statement.actions) IMDSD_TRY_VOID(check_action(action, coverage));
  }
  if (const auto fault = condition_fault(statement); !fault.empty()) {
    return malformed(std::string(fault));
  }
  return {};
}

}  // namespace

S3Outcome<std::string> parse_bucket_policy(std::string_view text, std::string_view bucket,
                                           const iam::Directory& directory,
                                           std::string_view partition) {
  if (text.size() > kMaxPolicyBytes) {
    return malformed("Policy exceeds the maximum allowed document size.");
  }
  IMDSD_TRY(const std::string named, with_accounts_named(text, directory, partition));
  auto parsed = iam::parse_policy(named, iam::PolicyKind::resource);
  if (!parsed) return malformed(std::move(parsed.error().message));
  iam::PolicyDocument& document = parsed->document;
  for (const auto& statement : document.statements) {
    IMDSD_TRY_VOID(check_statement(statement, bucket));
  }
  if (!iam::bind_principals(document, directory)) return malformed("Invalid principal in policy");
  return iam::bound_text(document);
}

std::string shown_bucket_policy(std::string_view kept, const iam::Directory& directory,
                                std::string_view partition) {
  const auto parsed = iam::parse_policy(kept, iam::PolicyKind::resource);
  if (!parsed) return std::string(kept);
  return iam::current_text(parsed->document, directory, partition);
}

S3Outcome<std::shared_ptr<const BucketPolicy>> BucketPolicies::of(
    const std::shared_ptr<const Bucket>& bucket) {
  if (bucket->policy.empty()) return std::shared_ptr<const BucketPolicy>();
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(bucket->name);
    if (found != entries_.end() && found->second.bucket == bucket) return found->second.policy;
  }
  auto parsed = iam::parse_policy(bucket->policy, iam::PolicyKind::resource);
  if (!parsed) {
    base::log_error("the bucket's policy cannot be read: its requests fail",
                    {{"bucket", bucket->name}, {"problem", parsed.error().message}});
    return tl::unexpected(internal_error());
  }
  auto named = std::make_shared<iam::NamedPolicy>();
  named->name = kPolicyName;
  named->document = std::make_shared<const iam::PolicyDocument>(std::move(parsed->document));
  auto policy = std::make_shared<const BucketPolicy>(
      BucketPolicy{std::move(named), is_public_policy(bucket->policy)});
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMaxEntries) entries_.clear();
  entries_.insert_or_assign(bucket->name, Entry{bucket, policy});
  return policy;
}

}  // namespace imdsd::s3
