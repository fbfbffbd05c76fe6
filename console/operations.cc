// SPDX-License-Identifier: MIT
#include "console/operations.h"

#include <array>
#include <utility>

#include "aws/arn.h"
#include "aws/time_format.h"
#include "console/form.h"
#include "console/session_store.h"
#include "iam/auth_mode_name.h"
#include "iam/explain.h"
#include "iam/json_writer.h"
#include "iam/policies_of.h"

namespace imdsd::console {
namespace {

using iam::JsonWriter;

/// What people try first, service by service.
constexpr std::array<std::string_view, 14> kCommonActions{
    "s3:ListAllMyBuckets", "s3:ListBucket",   "s3:GetObject",          "s3:PutObject",
    "s3:DeleteObject",     "s3:CreateBucket", "ec2:DescribeInstances", "ec2:RunInstances",
    "iam:ListUsers",       "iam:ListRoles",   "iam:CreateUser",        "iam:ChangePassword",
    "iam:PassRole",        "sts:AssumeRole"};

void write_policies(JsonWriter& json, std::string_view layer, const iam::PolicyList& policies) {
  for (const auto& policy : policies) {
    json.begin_object()
        .member("layer", layer)
        .member("name", policy->name)
        .member("arn", policy->arn)
        .member("statements", policy->document->statements.size())
        .end_object();
  }
}

struct Question {
  std::string principal, action, resource;
  std::vector<std::pair<std::string, std::string>> keys;
};

tl::unexpected<Refusal> invalid(std::string message) {
  return refuse(400, "InvalidRequest", std::move(message));
}

tl::expected<Question, Refusal> parse_question(const Call& call) {
  using Kind = Form::Kind;
  const auto form = Form::parse(call.http.body, {{"principal", Kind::optional},
                                                 {"action", Kind::required},
                                                 {"resource", Kind::optional},
                                                 {"keys", Kind::list}});
  if (!form) return tl::unexpected(form.error());
  Question asked{form->text("principal"), form->text("action"), form->text("resource"), {}};
  for (const auto& text : form->list("keys")) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return invalid("`" + text + "` is not KEY=VALUE");
    }
    asked.keys.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  const auto colon = asked.action.find(':');
  if (colon == 0 || colon == std::string::npos || colon + 1 == asked.action.size()) {
    return invalid("an action is SERVICE:ACTION, such as s3:GetObject");
  }
  if (asked.resource.empty()) asked.resource = "*";
  if (asked.resource != "*" && !aws::Arn::parse(asked.resource)) {
    return invalid("a resource is an ARN, such as arn:aws:s3:::my-bucket/*, or `*`");
  }
  return asked;
}

}  // namespace

std::string describe_session(const Call& call) {
  const auto& session = call.session;
  const auto& principal = call.caller.principal;
  const auto user = call.authority.directory->find_by_id<iam::User>(session.user_id);
  JsonWriter json;
  json.begin_object().name("user").begin_object();
  json.member("account", session.account)
      .member("name", session.user_name)
      .member("arn", user ? iam::arn_of(*user, call.authority.partition) : std::string())
      .member("user_id", session.user_id)
      .member("mfa", session.mfa);
  write_time(json, "signed_in", session.started);
  write_time(json, "expires", session.expiration);
  json.end_object().name("identity").begin_object();
  json.member("arn", principal.arn)
      .member("account", principal.account)
      .member("user_id", principal.user_id)
      .member("access_key_id", session.current().access_key_id);
  write_time(json, "expires", session.current().expiration);
  json.end_object();
  if (session.role) {
    json.name("role")
        .begin_object()
        .member("account", session.role->account)
        .member("role", session.role->role)
        .member("display_name", session.role->display_name)
        .member("color", session.role->color)
        .member("expired", session.role->credentials->expiration <= call.now)
        .end_object();
  }
  if (!session.role_ended.empty()) json.member("role_ended", session.role_ended);
  return json.member("region", call.settings.region)
      .member("auth_mode", to_string(call.authority.mode))
      .member("csrf_token", csrf_token(call.token))
      .end_object()
      .take();
}

Reply welcome(const Call& call) {
  JsonWriter json;
  json.begin_object().member("default_account", call.authority.default_account).end_object();
  return Answer{json.take(), std::nullopt};
}

Reply permissions(const Call& call) {
  const auto policies = question(call, call.caller, "", "*").policies;
  JsonWriter json;
  json.begin_object().member("arn", call.caller.principal.arn).name("policies").begin_list();
  write_policies(json, iam::layer_name(iam::Layer::identity), policies.identity);
  iam::PolicyList boundary;
  if (policies.boundary) boundary.push_back(policies.boundary);
  write_policies(json, iam::layer_name(iam::Layer::boundary), boundary);
  if (policies.session) {
    write_policies(json, iam::layer_name(iam::Layer::session), *policies.session);
  }
  if (policies.service_control) {
    write_policies(json, iam::layer_name(iam::Layer::service_control), *policies.service_control);
  }
  json.end_list().name("actions").begin_list();
  for (const auto action : kCommonActions) {
    const auto simulation = question(call, call.caller, std::string(action), "*");
    const auto decision = iam::simulate(simulation).decision;
    json.begin_object()
        .member("action", action)
        .member("decision", iam::reason_name(decision.reason))
        .member("decided_by", iam::layer_name(decision.decided_by))
        .end_object();
  }
  return Answer{json.end_list().end_object().take(), std::nullopt};
}

Reply credentials(const Call& call) {
  const aws::Credentials& current = call.session.current();
  JsonWriter json;
  json.begin_object()
      .member("Arn", call.caller.principal.arn)
      .member("AccessKeyId", current.access_key_id)
      .member("SecretAccessKey", current.secret_access_key.reveal())
      .member("SessionToken", current.session_token.reveal())
      .member("Expiration", aws::format_iso8601(current.expiration))
      .member("Region", call.settings.region)
      .end_object();
  return Answer{json.take(), std::nullopt};
}

Reply ask(const Call& call) {
  const auto asked = parse_question(call);
  if (!asked) return tl::unexpected(asked.error());
  iam::Caller caller = call.caller;
  if (!asked->principal.empty() && asked->principal != caller.principal.arn) {
    auto other = iam::caller_of_arn(asked->principal, *call.authority.directory);
    // Who may not ask is not told who is there.
    if (!may(call, "iam:SimulatePrincipalPolicy",
             other ? other->principal.entity_arn : asked->principal)) {
      return lacks("iam:SimulatePrincipalPolicy on " + asked->principal, call);
    }
    if (!other) return refuse(404, "NoSuchEntity", other.error().message);
    caller = *std::move(other);
  }
  auto simulation = question(call, caller, asked->action, asked->resource);
  for (const auto& [key, value] : asked->keys) simulation.keys.set(key, value);
  const auto result = iam::simulate(simulation);
  std::string json = iam::explain_json(simulation.policies, result.request, result.decision);
  JsonWriter missing;
  missing.begin_list();
  for (const auto& key : result.missing_keys) missing.value(key);
  json.pop_back();  // an object
  return Answer{json + ",\"missing_keys\":" + missing.end_list().take() + "}", std::nullopt};
}

}  // namespace imdsd::console
