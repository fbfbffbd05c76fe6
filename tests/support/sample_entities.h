// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "iam/directory.h"

/// An entity of every kind with no field left as it is by default; they belong together.
namespace imdsd::sample {

inline const std::string kAccount = "123456789012";
inline const base::SystemTime kTime{std::chrono::seconds(1'700'000'000)};
inline const std::string kPolicyArn = "arn:aws:iam::123456789012:policy/team/Reader";

inline std::shared_ptr<const iam::PolicyDocument> policy(
    const std::string& statement, iam::PolicyKind kind = iam::PolicyKind::identity) {
  auto parsed =
      iam::parse_policy(R"({"Version": "2012-10-17", "Statement": )" + statement + "}", kind);
  EXPECT_TRUE(parsed) << statement << ": " << parsed.error().message;
  return std::make_shared<const iam::PolicyDocument>(std::move(parsed.value().document));
}

inline std::shared_ptr<const iam::PolicyDocument> allow(const std::string& action) {
  return policy(R"({"Effect": "Allow", "Action": ")" + action + R"(", "Resource": "*"})");
}

template <class T>
T named(std::string name, std::string unique_id) {
  T entity;
  entity.account = kAccount;
  entity.path = "/team/";
  entity.name = std::move(name);
  entity.unique_id = std::move(unique_id);
  entity.origin = iam::Origin::config;
  entity.created = kTime;
  entity.tags = {{"Team", "blue"}, {"empty", "", iam::Origin::config}, {"umlaut", "Grün \"x\"\n"}};
  return entity;
}

inline iam::Grants grants() {
  iam::InlinePolicy by_api{{"a", "", allow("s3:GetObject")}, iam::Origin::api};
  iam::InlinePolicy by_config{{"b", "", allow("ec2:*")}, iam::Origin::config};
  return {{by_api, by_config},
          {{kPolicyArn, iam::Origin::config},
           {"arn:aws:iam::aws:policy/ReadOnlyAccess", iam::Origin::api}}};
}

inline iam::Account account() {
  auto out = named<iam::Account>(kAccount, kAccount);
  out.alias = "blue-team";
  out.outbound_federation = true;
  out.issuer_id = "0a1b2c3d-0000-4000-8000-000000000001";
  out.password_policy = iam::PasswordPolicy{14, true, true, true, true, true, 90, 5, false};
  return out;
}

inline iam::Group group(std::string name = "Devs", std::string id = "AGPA1") {
  auto out = named<iam::Group>(std::move(name), std::move(id));
  out.grants = grants();
  return out;
}

/// A member of group(), with two access keys named after `key`.
inline iam::User user(std::string name = "Alice", std::string id = "AIDA1",
                      const std::string& key = "AKIAEXAMPLE0000000") {
  auto out = named<iam::User>(std::move(name), std::move(id));
  out.grants = grants();
  out.boundary = kPolicyArn;
  out.access_keys.push_back(
      {key + "1", base::Secret("s3cr3t/+1"), true, kTime, iam::Origin::config});
  out.access_keys.push_back({key + "2", base::Secret("s3cr3t/+2"), false, kTime, iam::Origin::api});
  out.groups = {{"AGPA1", iam::Origin::config}};
  out.login_profile = iam::LoginProfile{"$argon2id$v=19$m=1$abc", true, kTime, kTime, {"$old"}};
  return out;
}

/// Trusts user() and itself by unique id.
inline iam::Role role(std::string name = "App", std::string id = "AROA1") {
  auto out = named<iam::Role>(std::move(name), std::move(id));
  auto trust = *policy(
      R"({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": [
          "arn:aws:iam::123456789012:user/team/Alice",
          "arn:aws:iam::123456789012:role/team/App"], "Service": "ec2.amazonaws.com"}})",
      iam::PolicyKind::trust);
  trust.statements[0].principals->at(0).unique_id = "AIDA1";
  trust.statements[0].principals->at(1).unique_id = "AROA1";
  out.trust_policy = {iam::kTrustPolicyName, "",
                      std::make_shared<const iam::PolicyDocument>(std::move(trust))};
  out.grants = grants();
  out.boundary = kPolicyArn;
  out.description = "what the app may";
  out.max_session_duration = std::chrono::hours(2);
  out.linked_service = "autoscaling.amazonaws.com";
  return out;
}

inline iam::ManagedPolicy managed_policy() {
  auto out = named<iam::ManagedPolicy>("Reader", "ANPA1");
  out.description = "reads";
  out.versions = {{"v2", allow("s3:Get*"), kTime},
                  {"v5", allow("s3:List*"), kTime + std::chrono::hours(1), iam::Origin::config}};
  out.default_version = "v2";
  out.last_version = 6;
  out.updated = kTime + std::chrono::hours(2);
  return out;
}

inline iam::InstanceProfile instance_profile() {
  auto out = named<iam::InstanceProfile>("App", "AIPA1");
  out.role = "App";
  return out;
}

inline iam::MfaDevice mfa_device() {
  auto out = named<iam::MfaDevice>("phone", "arn:aws:iam::123456789012:mfa/team/phone");
  out.seed = base::Secret(std::string("\0\xFFseed", 6));
  out.user_id = "AIDA1";
  out.enabled = kTime + std::chrono::seconds(5);
  out.last_step = 56'666'666;
  return out;
}

inline iam::OidcProvider oidc_provider() {
  auto out = named<iam::OidcProvider>("idp.example.com/x",
                                      "arn:aws:iam::123456789012:oidc-provider/idp.example.com/x");
  out.path = "/";
  out.client_ids = {"sts.amazonaws.com", "other"};
  out.thumbprints = {"cf23df2207d99a74fbe169e3eba035e633b65d94"};
  return out;
}

inline iam::SamlProvider saml_provider() {
  auto out = named<iam::SamlProvider>("adfs", "arn:aws:iam::123456789012:saml-provider/adfs");
  out.path = "/";
  out.metadata = "<EntityDescriptor entityID=\"x\">\n\t&amp;</EntityDescriptor>";
  out.uuid = "0b1c";
  out.valid_until = kTime + std::chrono::hours(24 * 365);
  return out;
}

template <class T>
iam::AnyEntity any(T entity) {
  return std::make_shared<const T>(std::move(entity));
}

inline std::vector<iam::AnyEntity> every_kind() {
  return {any(account()),    any(group()),          any(user()),
          any(role()),       any(managed_policy()), any(instance_profile()),
          any(mfa_device()), any(oidc_provider()),  any(saml_provider())};
}

}  // namespace imdsd::sample
