// SPDX-License-Identifier: MIT
// Calls of STS by name, on a small world.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/totp.h"
#include "iam/caller_keys.h"
#include "iam/make_principal.h"
#include "iam/policies_of.h"
#include "sts/authenticate.h"
#include "sts/service.h"
#include "tests/support/sts_world.h"

namespace imdsd::sts {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using support::allow;
using support::deny;
using support::kAccount;
using support::kOtherAccount;
using support::StsWorld;
using support::trust;

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// The text of the first element of this name; empty without one.
inline std::string element(const std::string& xml, const std::string& name) {
  const auto start = xml.find("<" + name + ">");
  if (start == std::string::npos) return "";
  const auto from = start + name.size() + 2;
  return xml.substr(from, xml.find("</" + name + ">", from) - from);
}

/// "ok", or status, code and message.
inline std::string outcome(const ActionAnswer& answer) {
  if (answer.xml) return "ok";
  const auto& error = answer.xml.error();
  return std::to_string(error.status) + " " + error.code + " " + error.message.value_or("-");
}

class StsTest : public testing::Test {
 protected:
  ActionAnswer call(std::string_view action, const iam::Caller& caller,
                    const Parameters& parameters = {}) {
    std::string form = "Action=" + std::string(action) + "&Version=2011-06-15";
    for (const auto& [name, value] : parameters) {
      form += "&" + name + "=" + base::percent_encode(value);
    }
    const auto parsed = aws::QueryParameters::parse(form).value();
    const auto authority = world_.authority();
    const auto http = StsWorld::post(form);
    return sts::call(action, {.parameters = parsed,
                              .caller = caller,
                              .authority = authority,
                              .directory = world_.directory_service,
                              .mfa_throttle = world_.mfa_throttle,
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

  static iam::Caller root(std::string_view account = kAccount) {
    return {iam::root_principal(account, "aws"), "AKIAROOT", nullptr};
  }

  static aws::Credentials credentials_of(const ActionAnswer& answer) {
    const std::string& xml = answer.xml.value();
    return {element(xml, "AccessKeyId"),
            base::Secret(element(xml, "SecretAccessKey")),
            base::Secret(element(xml, "SessionToken")),
            {}};
  }

  aws::Outcome<iam::Caller> authenticated(const aws::Credentials& credentials) {
    auto request = StsWorld::post("Action=GetCallerIdentity&Version=2011-06-15");
    world_.sign(request, credentials);
    return authenticate(request, "sts", aws::PathRule::normalize_and_encode_twice,
                        world_.authority(), world_.clock.now());
  }

  /// The caller that a session of `answer` is.
  iam::Caller caller_of(const ActionAnswer& answer) {
    return authenticated(credentials_of(answer)).value();
  }

  /// May it do this to `resource` ("" for none) of its account?
  bool may(const iam::Caller& caller, const std::string& action, std::string_view resource = "") {
    const auto directory = world_.authority().directory;
    iam::RequestContext context{&caller, action, std::nullopt, caller.principal.account, {}};
    if (!resource.empty()) context.resource = aws::Arn::parse(resource).value();
    iam::add_caller_keys(caller, world_.clock.now(), context.keys);
    iam::add_entity_tags(caller, *directory, context.keys);
    return iam::evaluate(iam::policies_of(caller, *directory), context).allowed();
  }

  static constexpr std::string_view kSerial = "arn:aws:iam::123456789012:mfa/phone";
  static constexpr std::string_view kSeed = "12345678901234567890";

  /// Enables a virtual MFA device for a user.
  void give_device(std::string_view user_name = "dev", std::string_view serial = kSerial) {
    const auto authority = world_.authority();
    const auto owner = authority.directory->find<iam::User>(kAccount, user_name);
    const auto written = world_.directory_service.write([&](iam::Transaction& transaction) {
      iam::MfaDevice device;
      device.account = kAccount;
      device.name = serial.substr(serial.rfind('/') + 1);
      device.unique_id = serial;
      device.seed = base::Secret(kSeed);
      device.user_id = owner->unique_id;
      device.enabled = world_.clock.now();
      transaction.put(std::move(device));
      return true;
    });
    ASSERT_TRUE(written);
  }

  /// What the device shows `steps` later.
  std::string code(int steps = 0) {
    return base::totp_code(kSeed, base::totp_step(world_.clock.now()) + steps);
  }

  StsWorld world_;
};

}  // namespace imdsd::sts
