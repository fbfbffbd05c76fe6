// SPDX-License-Identifier: MIT
#include "ec2/authorize.h"

#include <utility>
#include <vector>

#include "aws/arn.h"
#include "ec2/find.h"
#include "ec2/xml.h"
#include "iam/authorization_message.h"
#include "iam/caller_keys.h"
#include "iam/describe_denial.h"
#include "iam/evaluate.h"
#include "iam/explain.h"
#include "iam/policies_of.h"
#include "iam/request_keys.h"

namespace imdsd::ec2 {
namespace {

using aws::Outcome;

/// Whom a role is passed to that an instance is to have.
constexpr const char* kPassedTo = "ec2.amazonaws.com";

iam::RequestContext request_of(const Call& call, const std::string& action,
                               const std::string& resource) {
  const iam::Caller& caller = call.request.caller;
  iam::RequestContext request{&caller, action, std::nullopt, caller.principal.account, {}};
  if (auto arn = aws::Arn::parse(resource)) request.resource = *std::move(arn);
  iam::add_caller_keys(caller, call.context.now, request.keys);
  iam::add_entity_tags(caller, call.context.directory, request.keys);
  iam::add_request_keys(call.request.http, call.request.region, call.context.now, request.keys);
  request.keys.set("aws:ResourceAccount", caller.principal.account);
  request.keys.set("ec2:Region", call.place.region);
  return request;
}

/// The reason is for those alone who may ask STS for it; of an action without a resource there is
/// nothing to tell that the text does not.
aws::ServiceError unauthorized(const Call& call, const iam::RequestContext& request,
                               const std::string& resource, const iam::Decision& decision) {
  const std::string shown = request.resource ? resource : std::string();
  std::string message = "You are not authorized to perform this operation. " +
                        iam::not_authorized(request.caller->principal, request.action, shown) +
                        " " + iam::describe_denial(decision, request.action);
  if (request.resource) {
    message += ". Encoded authorization failure message: " +
               call.context.seal(iam::authorization_message(request, decision),
                                 request.caller->principal.account);
  }
  return {403, "UnauthorizedOperation", std::move(message)};
}

Outcome<void> decide(Call& call, const iam::RequestContext& request, const std::string& resource) {
  iam::PolicySet policies = iam::policies_of(*request.caller, call.context.directory);
  iam::add_control_policies(call.context.control_policies, request.caller->principal.account,
                            request.resource_account, policies);
  iam::Decision decision = iam::evaluate(policies, request);
  iam::ActionAnswer& answer = call.answer;
  answer.permissions.push_back(iam::permission_of(request, decision));
  if (answer.would_deny) return {};  // the first denial is the one to tell of
  const bool allowed = decision.allowed();
  Outcome<void> outcome;
  if (!allowed) {
    answer.explanation = iam::Explanation(policies, request, decision);
    answer.would_deny = call.context.mode == iam::AuthMode::audit;
    if (!answer.would_deny) {
      outcome = tl::unexpected(unauthorized(call, request, resource, decision));
    }
  }
  if (!allowed || !answer.decision) {
    answer.resource = resource;
    answer.decision = std::move(decision);
  }
  return outcome;
}

}  // namespace

Outcome<void> require(Call& call, const std::string& action, const std::string& resource,
                      const AddKeys& add_keys) {
  if (call.context.mode == iam::AuthMode::off) return {};
  auto request = request_of(call, action, resource);
  if (add_keys) add_keys(request.keys);
  return decide(call, request, resource);
}

Outcome<void> require_pass_role(Call& call, const iam::InstanceProfile& profile,
                                const std::string& resource) {
  const auto role = call.context.directory.find<iam::Role>(profile.account, profile.role);
  if (!role || call.context.mode == iam::AuthMode::off) return {};
  const std::string arn = iam::arn_of(*role, call.context.partition);
  auto request = request_of(call, "iam:PassRole", arn);
  request.resource_account = role->account;
  request.keys.set("iam:PassedToService", kPassedTo);
  request.keys.set("iam:AssociatedResourceArn", resource);
  for (const iam::Tag& tag : role->tags) {
    request.keys.set("aws:ResourceTag/" + tag.key, tag.value);
    request.keys.set("iam:ResourceTag/" + tag.key, tag.value);
  }
  return decide(call, request, arn);
}

void add_option_keys(const MetadataOptions& options, iam::ConditionKeys& keys) {
  const auto enabled = [](bool value) { return value ? "enabled" : "disabled"; };
  keys.set("ec2:MetadataHttpTokens", options.tokens_required ? "required" : "optional");
  keys.set("ec2:MetadataHttpEndpoint", enabled(options.endpoint_enabled));
  keys.set("ec2:MetadataHttpPutResponseHopLimit", std::to_string(options.hop_limit));
  keys.set("ec2:InstanceMetadataTags", enabled(options.tags_in_metadata));
}

void add_instance_keys(const Call& call, const Instance& instance, iam::ConditionKeys& keys) {
  keys.set("ec2:InstanceID", instance.id);
  keys.set("ec2:InstanceType", instance.type);
  keys.set("ec2:AvailabilityZone", instance.zone);
  keys.set("ec2:RootDeviceType", "ebs");
  keys.set("ec2:Tenancy", "default");
  keys.set("ec2:EbsOptimized", "false");
  keys.set("ec2:InstanceMarketType", instance.lifecycle.empty() ? "on-demand" : instance.lifecycle);
  add_option_keys(instance.settings.metadata_options, keys);
  if (const auto& association = instance.settings.association) {
    keys.set("ec2:InstanceProfile", profile_arn(call, association->profile));
  }
  for (const auto& [key, value] : instance.settings.tags) {
    keys.set("aws:ResourceTag/" + key, value);
    keys.set("ec2:ResourceTag/" + key, value);
  }
}

void add_request_tags(const Tags& tags, iam::ConditionKeys& keys) {
  if (tags.empty()) return;
  std::vector<std::string> names;
  for (const auto& [key, value] : tags) {
    keys.set("aws:RequestTag/" + key, value);
    names.push_back(key);
  }
  keys.set("aws:TagKeys", std::move(names));
}

Outcome<void> require_on_instance(Call& call, const std::string& action, const std::string& id,
                                  const AddKeys& add_keys) {
  const auto instance = call.find(id);
  return require(call, action, call.arn("instance", id), [&](iam::ConditionKeys& keys) {
    if (instance) add_instance_keys(call, *instance, keys);
    if (add_keys) add_keys(keys);
  });
}

}  // namespace imdsd::ec2
