// SPDX-License-Identifier: MIT
#include "s3/authorize.h"

#include <algorithm>
#include <array>
#include <utility>

#include "iam/caller_keys.h"
#include "iam/describe_denial.h"
#include "iam/explain.h"
#include "iam/policies_of.h"
#include "iam/request_keys.h"
#include "s3/condition_keys.h"
#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

std::string in_double_quotes(const aws::Arn& arn) {
  return "\"" + arn.to_string() + "\"";
}

/// Whom a public policy does not reach while RestrictPublicBuckets is set: everybody who is neither
/// a service nor of the bucket's account.
bool is_restricted(const iam::Principal& caller, const DecidedBucket& decided) {
  const auto& block = decided.bucket->public_access_block;
  return block && block->restrict_public_buckets && decided.policy && decided.policy->is_public &&
         caller.type != iam::PrincipalType::service && caller.account != decided.bucket->owner;
}

/// The root user of the bucket's account can always repair its policy
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html).
bool is_repair(const iam::Principal& caller, const Question& question) {
  constexpr std::array<std::string_view, 3> kActions{"s3:GetBucketPolicy", "s3:PutBucketPolicy",
                                                     "s3:DeleteBucketPolicy"};
  return caller.type == iam::PrincipalType::account_root &&
         caller.account == question.bucket->bucket->owner &&
         std::find(kActions.begin(), kActions.end(), question.action) != kActions.end();
}

iam::Decision restricted() {
  iam::Decision decision;
  decision.reason = iam::Decision::Reason::explicit_deny;
  decision.decided_by = iam::Layer::resource;
  decision.verdicts[static_cast<std::size_t>(iam::Layer::resource)] = iam::Verdict::explicit_deny;
  decision.setting =
      "RestrictPublicBuckets in the bucket's public access block, which keeps others than the "
      "bucket's account out as long as the bucket policy is public";
  return decision;
}

aws::S3Error denied(const iam::RequestContext& context, const iam::Decision& decision) {
  const iam::Principal& caller = context.caller->principal;
  if (caller.account.empty() || iam::is_cross_account(context)) return access_denied();
  aws::S3Error error = access_denied();
  const bool names_one = context.resource && context.resource->resource != "*";
  error.message = iam::not_authorized(caller, context.action,
                                      names_one ? in_double_quotes(*context.resource) : "") +
                  " " + iam::describe_denial(decision, context.action);
  return error;
}

}  // namespace

aws::Arn bucket_arn(const Realm& realm, std::string_view bucket) {
  return {realm.partition, "s3", "", "", std::string(bucket)};
}

aws::Arn object_arn(const Realm& realm, std::string_view bucket, std::string_view key) {
  return {realm.partition, "s3", "", "", std::string(bucket) + "/" + std::string(key)};
}

Authorizer::Authorizer(const Request& request) : request_(request) {
  if (request.realm.mode == iam::AuthMode::off) return;
  iam::add_caller_keys(request.caller, request.now, keys_);
  iam::add_entity_tags(request.caller, *request.realm.directory, keys_);
  iam::add_request_keys(request.http, request.region, request.now, keys_);
  add_request_keys(request, keys_);
}

iam::PolicySet Authorizer::policies_for(const Question& question,
                                        const std::string& resource_account) const {
  const Realm& realm = request_.realm;
  iam::PolicySet policies = iam::policies_of(request_.caller, *realm.directory);
  if (question.bucket != nullptr && question.bucket->policy &&
      !is_repair(request_.caller.principal, question)) {
    policies.resource = question.bucket->policy->policy;
  }
  iam::add_control_policies(realm.control_policies, request_.caller.principal.account,
                            resource_account, policies);
  return policies;
}

std::optional<aws::S3Error> Authorizer::refuse(const Question& question) {
  if (request_.realm.mode == iam::AuthMode::off) {
    if (question.resource) findings_.resource = question.resource->to_string();
    return std::nullopt;
  }
  const bool of_bucket = question.bucket != nullptr;
  iam::RequestContext context{
      &request_.caller, std::string(question.action), question.resource,
      of_bucket ? question.bucket->bucket->owner : request_.caller.principal.account, keys_};
  if (!context.resource_account.empty()) {
    context.keys.set("s3:ResourceAccount", context.resource_account);
    context.keys.set("aws:ResourceAccount", context.resource_account);
  }
  if (question.more != nullptr) {
    for (const auto& [key, values] : question.more->all()) context.keys.set(key, values);
  }
  iam::PolicySet policies = policies_for(question, context.resource_account);
  const bool is_stranger = of_bucket && is_restricted(request_.caller.principal, *question.bucket);
  const iam::Decision decision = is_stranger ? restricted() : iam::evaluate(policies, context);
  note(std::move(policies), context, decision);
  const bool passes = decision.allowed() || request_.realm.mode == iam::AuthMode::audit;
  return passes ? std::nullopt : std::optional(denied(context, decision));
}

void Authorizer::note(iam::PolicySet policies, const iam::RequestContext& context,
                      const iam::Decision& decision) {
  findings_.permissions.push_back(iam::permission_of(context, decision));
  if (findings_.decision && !findings_.decision->allowed()) return;
  findings_.decision = decision;
  if (context.resource) findings_.resource = context.resource->to_string();
  if (decision.allowed()) return;
  findings_.explanation = iam::Explanation(std::move(policies), context, decision);
  findings_.would_deny = request_.realm.mode == iam::AuthMode::audit;
}

aws::S3Error denied_because(const Request& request, std::string_view action,
                            const aws::Arn& resource, std::string_view reason) {
  aws::S3Error error = access_denied();
  error.message =
      iam::not_authorized(request.caller.principal, action, in_double_quotes(resource)) + " " +
      std::string(reason);
  return error;
}

}  // namespace imdsd::s3
