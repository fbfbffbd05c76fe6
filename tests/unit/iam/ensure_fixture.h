// SPDX-License-Identifier: MIT
// A directory that a file is ensured in, and what the file declares.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "iam/declarations.h"
#include "iam/entity_codec.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::iam::ensured {

inline const std::string kAccount = "123456789012";
inline const std::string kOther = "210987654321";
inline const std::string kEc2 = R"({"Service":"ec2.amazonaws.com"})";
inline const std::string kAdministratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess";

inline PolicyDocument document(const std::string& statement, PolicyKind kind) {
  auto parsed = parse_policy(R"({"Version":"2012-10-17","Statement":)" + statement + "}", kind);
  EXPECT_TRUE(parsed) << statement << ": " << parsed.error().message;
  return parsed ? std::move(parsed->document) : PolicyDocument();
}

inline PolicyDocument trusting(const std::string& principal) {
  return document(R"({"Effect":"Allow","Action":"sts:AssumeRole","Principal":)" + principal + "}",
                  PolicyKind::trust);
}

inline NamedPolicy named(std::string name, const std::string& effect = "Allow") {
  return {
      std::move(name), "",
      std::make_shared<const PolicyDocument>(document(
          R"({"Effect":")" + effect + R"(","Action":"*","Resource":"*"})", PolicyKind::identity))};
}

inline void name(Declarations::Named& declared, std::string what, std::string account = kAccount) {
  declared.account = std::move(account);
  declared.name = std::move(what);
}

inline Declarations::DeclaredRole role(std::string what, const std::string& trusted,
                                       std::string account = kAccount) {
  Declarations::DeclaredRole declared;
  name(declared, std::move(what), std::move(account));
  declared.trust_policy = trusting(trusted);
  return declared;
}

inline Declarations::DeclaredUser user(std::string what) {
  Declarations::DeclaredUser declared;
  name(declared, std::move(what));
  return declared;
}

inline Declarations::DeclaredInstanceProfile profile(std::string what, std::string of_role) {
  Declarations::DeclaredInstanceProfile declared;
  name(declared, std::move(what));
  declared.role = std::move(of_role);
  return declared;
}

inline Declarations small() {
  Declarations out;
  auto dev = user("Dev");
  dev.path = "/team/";
  dev.policies = {named("dev")};
  dev.access_keys.push_back({"AKIAIOSFODNN7EXAMPLE", base::Secret("secret"), true});
  out.users.push_back(std::move(dev));
  out.roles.push_back(role("app-role", kEc2));
  out.roles.back().path = "/apps/";
  out.roles.back().policies = {named("app")};
  return out;
}

/// A directory that a file is ensured in again and again.
class EnsureTest : public ::testing::Test {
 protected:
  std::vector<std::string> ensure(const Declarations& declarations, const KnownIds& ids = {}) {
    Transaction transaction(directory_, base::SystemTime(std::chrono::seconds(1'000)), random_);
    auto ensured = iam::ensure(declarations, ids, transaction);
    std::vector<std::string> messages;
    if (ensured) {
      directory_ = transaction.directory();
      report_ = *std::move(ensured);
      changes_ = transaction.changes().size();
    } else {
      for (const base::Error& error : ensured.error()) messages.push_back(error.message);
    }
    return messages;
  }
  /// As the API does it.
  template <class T>
  void put(T entity) {
    directory_.put(std::make_shared<const T>(std::move(entity)));
  }
  std::shared_ptr<const User> user_named(const std::string& what) {
    return directory_.find<User>(kAccount, what);
  }
  std::shared_ptr<const Role> role_named(const std::string& what) {
    return directory_.find<Role>(kAccount, what);
  }

  fakes::ScriptedRandom random_;
  Directory directory_;
  EnsureReport report_;
  std::size_t changes_ = 0;
};

using Messages = std::vector<std::string>;

}  // namespace imdsd::iam::ensured
