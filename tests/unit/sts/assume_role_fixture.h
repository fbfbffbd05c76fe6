// SPDX-License-Identifier: MIT
// A role to assume and callers to assume it, for the tests of AssumeRole.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "iam/make_principal.h"
#include "sts/assume_role.h"
#include "sts/authenticate.h"
#include "sts/issue_for_service.h"
#include "sts/session_token.h"
#include "tests/support/sts_world.h"

namespace imdsd::sts {

using std::chrono::hours;
using std::chrono::seconds;
using support::allow;
using support::deny;
using support::kAccount;
using support::kOtherAccount;
using support::StsWorld;
using support::trust;

inline constexpr std::string_view kRoleArn = "arn:aws:iam::123456789012:role/team/target";
inline constexpr std::string_view kDevArn = "arn:aws:iam::123456789012:user/dev";
inline const std::string kTrustDev = trust(R"({"AWS":"arn:aws:iam::123456789012:user/dev"})");
inline const std::string kTrustAccount = trust(R"({"AWS":"arn:aws:iam::123456789012:root"})");

using Parameters = std::vector<std::pair<std::string, std::string>>;

inline std::string form_of(const Parameters& parameters) {
  std::string form = "Action=AssumeRole&Version=2011-06-15";
  for (const auto& [name, value] : parameters)
    form += "&" + name + "=" + base::percent_encode(value);
  return form;
}

inline std::string element(const std::string& xml, const std::string& name) {
  const auto start = xml.find("<" + name + ">");
  if (start == std::string::npos) return "";
  const auto from = start + name.size() + 2;
  return xml.substr(from, xml.find("</" + name + ">", from) - from);
}

class AssumeRole : public testing::Test {
 protected:
  AssumeRole() {
    world_.users.push_back({.name = "dev"});
    world_.roles.push_back({.name = "target",
                            .trust = kTrustDev,
                            .max_session_duration = hours(12),
                            .path = "/team/"});
  }

  StsWorld::Role& target() { return world_.roles.front(); }
  StsWorld::User& dev() { return world_.users.front(); }

  ActionAnswer call(const iam::Caller& caller, const Parameters& parameters) {
    const auto form = form_of(parameters);
    const auto parsed = aws::QueryParameters::parse(form).value();
    const auto authority = world_.authority();
    const auto http = StsWorld::post(form);
    return assume_role({.parameters = parsed,
                        .caller = caller,
                        .authority = authority,
                        .http = http,
                        .now = world_.clock.now(),
                        .random = world_.random,
                        .request_id = "6c0a1b2c-0000-4000-8000-000000000001",
                        .region = "eu-central-1"});
  }

  iam::Caller user(std::string_view name = "dev", std::string_view account = kAccount) {
    const auto found = world_.authority().directory->find<iam::User>(account, name);
    return {iam::user_principal(*found, "aws"), StsWorld::key_of(name).id, nullptr};
  }

  /// The caller that a session of `answer` is.
  iam::Caller caller_of(const ActionAnswer& answer) {
    const std::string& xml = answer.xml.value();
    const aws::Credentials credentials{element(xml, "AccessKeyId"),
                                       base::Secret(element(xml, "SecretAccessKey")),
                                       base::Secret(element(xml, "SessionToken")),
                                       {}};
    auto request = StsWorld::post("Action=GetCallerIdentity&Version=2011-06-15");
    world_.sign(request, credentials);
    return authenticate(request, "sts", aws::PathRule::normalize_and_encode_twice,
                        world_.authority(), world_.clock.now())
        .value();
  }

  ActionAnswer assume(const iam::Caller& caller, std::string_view role = kRoleArn,
                      Parameters more = {}) {
    more.emplace_back("RoleArn", std::string(role));
    more.emplace_back("RoleSessionName", "session-1");
    return call(caller, more);
  }

  static std::string denied(std::string_view caller, std::string_view role = kRoleArn) {
    return "User: " + std::string(caller) +
           " is not authorized to perform: sts:AssumeRole on resource: " + std::string(role);
  }

  StsWorld world_;
};

/// "ok", or status, code and message.
inline std::string outcome(const ActionAnswer& answer) {
  if (answer.xml) return "ok";
  const auto& error = answer.xml.error();
  return std::to_string(error.status) + " " + error.code + " " + error.message.value_or("-");
}

}  // namespace imdsd::sts
