// SPDX-License-Identifier: MIT
// An account to try EC2's API on, without a port: calls as forms, answers as XML.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http_message.h"
#include "base/ip_address.h"
#include "ec2/service.h"
#include "iam/caller.h"
#include "iam/declarations.h"
#include "iam/directory_service.h"
#include "iam/make_principal.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/memory_instances.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::support {

inline constexpr std::string_view kEc2Account = "123456789012";
inline constexpr std::string_view kFirst = "i-00000000000000a01";
inline constexpr std::string_view kSecond = "i-00000000000000a02";

/// One statement, without its braces: what a user may do.
[[nodiscard]] inline std::string policy_of(std::string_view statement) {
  return R"({"Version":"2012-10-17","Statement":[{)" + std::string(statement) + "}]}";
}
inline constexpr std::string_view kAllowAll = R"("Effect":"Allow","Action":"*","Resource":"*")";

struct Ec2Answer {
  int status = 200;
  std::string code, message;  // of an error
  std::string xml;            // of a success
  std::string resource;       // of the decision
  bool would_deny = false;    // in audit mode

  [[nodiscard]] std::vector<std::string> texts(std::string_view element) const {
    std::vector<std::string> found;
    const std::string open = "<" + std::string(element) + ">";
    const std::string close = "</" + std::string(element) + ">";
    for (std::size_t at = xml.find(open); at != std::string::npos; at = xml.find(open, at + 1)) {
      const std::size_t start = at + open.size();
      found.push_back(xml.substr(start, xml.find(close, start) - start));
    }
    return found;
  }
  [[nodiscard]] std::string text(std::string_view element) const {
    const auto all = texts(element);
    return all.empty() ? "" : all.front();
  }
  /// "InvalidParameterValue: …", or the empty text of a success.
  [[nodiscard]] std::string error() const { return code.empty() ? "" : code + ": " + message; }
};

/// Two instances, and the roles `app-role` and `other-role` with a profile each.
class Ec2World {
 public:
  fakes::ManualClock clock;
  fakes::ScriptedRandom random{11};
  fakes::MemoryInstances instances;
  iam::AuthMode mode = iam::AuthMode::enforce;
  std::string region = "us-east-1";      // of the requests' signatures
  std::string statement{kAllowAll};      // of the calling user's policy
  std::string account{kEc2Account};      // of the calling user
  std::vector<iam::Tag> role_tags = {};  // of both roles
  std::vector<std::string> sealed = {};  // what seal() was given

  Ec2World() {
    instances.add(std::string(kFirst));
    instances.add(std::string(kSecond));
  }

  Ec2Answer call(std::string_view form) {
    declare();
    const auto directory = service_.snapshot();
    const auto parameters = aws::QueryParameters::parse(form).value();
    iam::Caller caller;
    caller.principal = iam::user_principal(*directory->find<iam::User>(account, "dev"), kPartition);
    caller.access_key_id = "AKIAQAAAAAAAAAAAAAAA";
    base::HttpRequest http;
    http.method = "POST";
    http.peer.address = base::SocketAddress::parse("10.1.2.3:40000").value();
    const ec2::Context context{.instances = instances,
                               .directory = *directory,
                               .control_policies = control_policies_,
                               .random = random,
                               .now = clock.now(),
                               .partition = kPartition,
                               .mode = mode,
                               .seal = [this](const std::string& json, const std::string&) {
                                 sealed.push_back(json);
                                 return "sealed-" + std::to_string(sealed.size());
                               }};
    const std::string action(parameters.get("Action").value());
    const ec2::Operation* const operation = ec2::find_operation(action);
    if (operation == nullptr) throw std::runtime_error("there is no " + action);
    const auto answer =
        ec2::call(*operation, {parameters, caller, http, region, "request-1"}, context);
    Ec2Answer out;
    out.resource = answer.resource;
    out.would_deny = answer.would_deny;
    if (answer.xml) {
      out.xml = *answer.xml;
    } else {
      out.status = answer.xml.error().status;
      out.code = answer.xml.error().code;
      out.message = answer.xml.error().message.value_or("");
    }
    return out;
  }

  /// The state of an instance as the API would describe it next.
  [[nodiscard]] const ec2::InstanceSettings& settings(std::string_view id = kFirst) const {
    return instances.instances.find(id)->second.settings;
  }

 private:
  static constexpr std::string_view kPartition = "aws";

  void declare() {
    iam::Declarations declared;
    iam::Declarations::DeclaredUser user;
    user.account = account;
    user.name = "dev";
    user.policies = {
        {"dev", "",
         std::make_shared<const iam::PolicyDocument>(
             iam::parse_policy(policy_of(statement), iam::PolicyKind::identity).value().document)}};
    declared.users.push_back(std::move(user));
    for (const char* const name : {"app-role", "other-role"}) {
      iam::Declarations::DeclaredRole role;
      role.account = kEc2Account;
      role.name = name;
      role.tags = role_tags;
      role.trust_policy =
          iam::parse_policy(
              policy_of(
                  R"("Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole")"),
              iam::PolicyKind::trust)
              .value()
              .document;
      declared.roles.push_back(std::move(role));
    }
    iam::Declarations::DeclaredInstanceProfile empty;
    empty.account = kEc2Account;
    empty.name = "empty";
    declared.instance_profiles.push_back(std::move(empty));
    const auto written = service_.write([&](iam::Transaction& transaction) {
      return iam::ensure(declared, {}, transaction).has_value();
    });
    if (!written) throw std::runtime_error(written.error().message);
  }

  fakes::MemoryStore store_;
  iam::DirectoryService service_{store_, clock, random, std::make_shared<const iam::Directory>()};
  const std::shared_ptr<const iam::ControlPolicies> control_policies_ =
      std::make_shared<const iam::ControlPolicies>();
};

}  // namespace imdsd::support
