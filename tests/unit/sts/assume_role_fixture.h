// SPDX-License-Identifier: MIT
// A role to assume and callers to assume it, for the tests of AssumeRole.
#pragma once

#include <string>
#include <string_view>

#include "sts/issue_for_service.h"
#include "sts/session_token.h"
#include "tests/unit/sts/sts_fixture.h"

namespace imdsd::sts {

inline constexpr std::string_view kRoleArn = "arn:aws:iam::123456789012:role/team/target";
inline constexpr std::string_view kDevArn = "arn:aws:iam::123456789012:user/dev";
inline const std::string kTrustDev = trust(R"({"AWS":"arn:aws:iam::123456789012:user/dev"})");
inline const std::string kTrustAccount = trust(R"({"AWS":"arn:aws:iam::123456789012:root"})");

class AssumeRole : public StsTest {
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
    return StsTest::call("AssumeRole", caller, parameters);
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
};

}  // namespace imdsd::sts
