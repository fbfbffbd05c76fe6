// SPDX-License-Identifier: MIT
// Accounts with users and roles, and S3 for them, without a port: callers are taken at their word.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http_message.h"
#include "iam/caller.h"
#include "iam/declarations.h"
#include "iam/directory_service.h"
#include "iam/make_principal.h"
#include "s3/address.h"
#include "s3/operation.h"
#include "s3/request.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::support {

inline constexpr std::string_view kS3Account = "123456789012";
inline constexpr std::string_view kS3OtherAccount = "210987654321";

/// Statements to a policy.
[[nodiscard]] inline std::string policy_of(std::string_view statements) {
  return R"({"Version":"2012-10-17","Statement":[)" + std::string(statements) + "]}";
}

class S3World {
 public:
  struct Entity {
    std::string name;
    std::vector<std::string> policies = {};
    std::string account = std::string(kS3Account);
    std::optional<std::string> boundary = {};  // the text of a policy
  };
  std::vector<Entity> users, roles;
  fakes::ManualClock clock;
  fakes::ScriptedRandom random{5};
  iam::AuthMode mode = iam::AuthMode::enforce;
  std::map<std::string, iam::AccountControls> control_policies;

  /// What users and roles say now.
  [[nodiscard]] s3::Realm realm() {
    iam::Declarations declared;
    for (const Entity& user : users) declare(user, declared, declared.users.emplace_back());
    for (const Entity& role : roles) {
      auto& out = declared.roles.emplace_back();
      declare(role, declared, out);
      out.trust_policy =
          iam::parse_policy(policy_of(R"({"Effect":"Allow","Principal":{"Service":)"
                                      R"("ec2.amazonaws.com"},"Action":"sts:AssumeRole"})"),
                            iam::PolicyKind::trust)
              .value()
              .document;
    }
    std::string errors;
    const auto written = directory_.write([&](iam::Transaction& transaction) {
      const auto ensured = iam::ensure(declared, {}, transaction);
      if (ensured) return true;
      for (const auto& error : ensured.error()) errors += error.message + "\n";
      return false;
    });
    if (!written || !errors.empty()) throw std::runtime_error(errors);
    return {directory_.snapshot(), std::make_shared<const iam::ControlPolicies>(control_policies),
            mode, "aws"};
  }

  [[nodiscard]] iam::Caller user(std::string_view name, std::string_view account = kS3Account) {
    const auto found = realm().directory->find<iam::User>(account, name);
    return {iam::user_principal(*found, "aws"), "AKIAEXAMPLE", nullptr};
  }
  [[nodiscard]] iam::Caller session(std::string_view role, std::string_view name = "i-1",
                                    const std::vector<std::string>& policies = {}) {
    const auto found = realm().directory->find<iam::Role>(kS3Account, role);
    auto made = std::make_shared<iam::Session>();
    made->issued = clock.now();
    made->expiration = clock.now() + std::chrono::hours(1);
    made->policies = parse(policies);
    return {iam::role_session_principal(*found, name, "aws"), "ASIAEXAMPLE", std::move(made)};
  }
  [[nodiscard]] static iam::Caller root(std::string_view account = kS3Account) {
    return {iam::root_principal(account, "aws"), "AKIAROOT", nullptr};
  }
  [[nodiscard]] static iam::Caller anonymous() { return {}; }

 private:
  static std::vector<iam::NamedPolicy> parse(const std::vector<std::string>& texts) {
    std::vector<iam::NamedPolicy> policies;
    for (const auto& text : texts) {
      policies.push_back(
          {"policy-" + std::to_string(policies.size()), "",
           std::make_shared<const iam::PolicyDocument>(
               iam::parse_policy(text, iam::PolicyKind::identity).value().document)});
    }
    return policies;
  }

  template <class Out>
  static void declare(const Entity& entity, iam::Declarations& declared, Out& out) {
    out.account = entity.account;
    out.name = entity.name;
    out.policies = parse(entity.policies);
    if (!entity.boundary) return;
    auto& policy = declared.policies.emplace_back();
    policy.account = entity.account;
    policy.name = "boundary-of-" + entity.name;
    policy.document = parse({*entity.boundary}).front().document;
    out.boundary = "arn:aws:iam::" + entity.account + ":policy/" + policy.name;
  }

  fakes::MemoryStore store_;
  iam::DirectoryService directory_{store_, clock, random, std::make_shared<const iam::Directory>()};
};

}  // namespace imdsd::support
