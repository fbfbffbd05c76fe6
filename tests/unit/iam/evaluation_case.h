// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "iam/evaluate.h"
#include "iam/policy_document.h"

/// Principals, policies and requests to evaluate: s3:GetObject on arn:aws:s3:::bucket/key, by a
/// principal of 123456789012.
namespace imdsd::iam::evaluation {

inline constexpr std::string_view kAccount = "123456789012";
inline constexpr std::string_view kOtherAccount = "210987654321";
inline constexpr std::string_view kRoleId = "AROAQAAAAAAAAAAAAAAAA";
inline constexpr std::string_view kUserId = "AIDAQAAAAAAAAAAAAAAAA";

/// A statement in a document of its own.
inline PolicyPointer policy(std::string name, const std::string& statement, PolicyKind kind) {
  auto parsed = parse_policy(R"({"Version":"2012-10-17","Statement":)" + statement + "}", kind);
  EXPECT_TRUE(parsed) << statement << ": " << parsed.error().message;
  auto document = parsed ? std::make_shared<const PolicyDocument>(std::move(parsed->document))
                         : std::make_shared<const PolicyDocument>();
  return std::make_shared<const NamedPolicy>(NamedPolicy{std::move(name), "", std::move(document)});
}

inline PolicyPointer allowing(std::string name) {
  return policy(std::move(name), R"({"Sid":"Yes","Effect":"Allow","Action":"*","Resource":"*"})",
                PolicyKind::identity);
}

inline PolicyPointer denying(std::string name) {
  return policy(std::move(name), R"({"Sid":"No","Effect":"Deny","Action":"*","Resource":"*"})",
                PolicyKind::identity);
}

inline PolicyPointer other_action(std::string name) {
  return policy(std::move(name), R"({"Effect":"Allow","Action":"sqs:*","Resource":"*"})",
                PolicyKind::identity);
}

inline Principal principal(PrincipalType type) {
  Principal out;
  out.type = type;
  const std::string iam = "arn:aws:iam::" + std::string(kAccount);
  const std::string sts = "arn:aws:sts::" + std::string(kAccount);
  if (type != PrincipalType::service && type != PrincipalType::anonymous) out.account = kAccount;
  switch (type) {
    case PrincipalType::account_root:
      out.arn = out.entity_arn = iam + ":root";
      break;
    case PrincipalType::user:
      out.arn = out.entity_arn = iam + ":user/team/u";
      out.entity_id = kUserId;
      break;
    case PrincipalType::assumed_role:
      out.arn = sts + ":assumed-role/r/s";
      out.entity_arn = iam + ":role/app/r";
      out.entity_id = kRoleId;
      break;
    case PrincipalType::federated_user:
      out.arn = out.entity_arn = sts + ":federated-user/f";
      out.entity_id = kUserId;
      break;
    case PrincipalType::service:
      out.name = "ec2.amazonaws.com";
      break;
    case PrincipalType::web_identity:
      out.name = "accounts.google.com";
      break;
    case PrincipalType::saml:
      out.entity_arn = iam + ":saml-provider/p";
      break;
    case PrincipalType::anonymous:
      break;
  }
  return out;
}

/// What a resource policy's Principal can say, by a short name. Entities are bound, as the
/// directory binds them.
inline PolicyPointer resource_policy(const std::string& whom, const std::string& effect = "Allow",
                                     const std::string& more = "") {
  const std::string account(kAccount);
  const std::pair<std::string_view, std::string> principals[] = {
      {"user", R"({"AWS":"arn:aws:iam::)" + account + R"(:user/team/u"})"},
      {"role", R"({"AWS":"arn:aws:iam::)" + account + R"(:role/app/r"})"},
      {"session", R"({"AWS":"arn:aws:sts::)" + account + R"(:assumed-role/r/s"})"},
      {"other session", R"({"AWS":"arn:aws:sts::)" + account + R"(:assumed-role/r/t"})"},
      {"federated user", R"({"AWS":"arn:aws:sts::)" + account + R"(:federated-user/f"})"},
      {"account", R"({"AWS":")" + account + R"("})"},
      {"root", R"({"AWS":"arn:aws:iam::)" + account + R"(:root"})"},
      {"other account", R"({"AWS":"999999999999"})"},
      {"everyone", R"("*")"},
      {"ec2", R"({"Service":"ec2.amazonaws.com"})"},
      {"lambda", R"({"Service":"lambda.amazonaws.com"})"},
      {"google", R"({"Federated":"accounts.google.com"})"},
      {"saml", R"({"Federated":"arn:aws:iam::)" + account + R"(:saml-provider/p"})"},
  };
  for (const auto& [name, element] : principals) {
    if (name != whom) continue;
    const std::string statement = R"({"Sid":"R","Effect":")" + effect + R"(","Principal":)" +
                                  element + R"(,"Action":"*","Resource":"*")" + more + "}";
    const PolicyPointer unbound = policy("resource", statement, PolicyKind::resource);
    auto bound = std::make_shared<PolicyDocument>(*unbound->document);
    for (PrincipalPattern& pattern : *bound->statements.at(0).principals) {
      if (whom == "user") pattern.unique_id = kUserId;
      if (whom == "role") pattern.unique_id = kRoleId;
    }
    return std::make_shared<const NamedPolicy>(NamedPolicy{"resource", "", std::move(bound)});
  }
  ADD_FAILURE() << whom;
  return {};
}

inline Decision decide(const PolicySet& policies, const Principal& who,
                       std::string_view resource_account = kAccount) {
  const Caller caller{who, "", nullptr};
  RequestContext request;
  request.caller = &caller;
  request.action = "s3:GetObject";
  request.resource = aws::Arn{"aws", "s3", "", "", "bucket/key"};
  request.resource_account = resource_account;
  request.keys.set("aws:PrincipalArn", who.entity_arn);
  return evaluate(policies, request);
}

}  // namespace imdsd::iam::evaluation
