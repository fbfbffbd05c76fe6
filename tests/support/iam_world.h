// SPDX-License-Identifier: MIT
// An account to try the IAM API on, without a port: calls as forms, answers as XML.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "base/http_message.h"
#include "base/ip_address.h"
#include "iam/api/service.h"
#include "iam/directory_service.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::support {

inline constexpr std::string_view kIamAccount = "123456789012";

/// "&PolicyDocument=%7B…": a parameter of a call, behind others.
[[nodiscard]] inline std::string field(std::string_view name, std::string_view value) {
  return "&" + std::string(name) + "=" + base::percent_encode(value);
}

/// A small policy that a user, group or role may have.
inline constexpr std::string_view kAnyPolicy =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})";
/// A trust policy for EC2.
inline constexpr std::string_view kEc2Trust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":)"
    R"("ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]})";

struct IamAnswer {
  int status = 200;
  std::string code, message;                      // of an error
  std::string xml;                                // of a success
  std::string resource;                           // of the authorization
  bool would_deny = false;                        // in audit mode
  std::vector<iam::Permission> permissions = {};  // that were decided about

  /// The text of the first element of that name; empty without one.
  [[nodiscard]] std::string text(std::string_view element) const {
    const auto all = texts(element);
    return all.empty() ? "" : all.front();
  }
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
  [[nodiscard]] bool has(std::string_view element) const {
    return xml.find("<" + std::string(element) + ">") != std::string::npos ||
           xml.find("<" + std::string(element) + "/>") != std::string::npos;
  }
};

inline constexpr base::PasswordCost kCheapPasswords{.memory_kib = 8, .passes = 1};

class IamWorld {
 public:
  using Rows = std::vector<std::span<const iam::api::Operation>>;

  /// `rows`: the operations that this test calls.
  explicit IamWorld(Rows rows)
      : service(store, clock, random, std::make_shared<const iam::Directory>()),
        rows_(std::move(rows)) {}

  fakes::ManualClock clock;
  fakes::ScriptedRandom random{11};
  fakes::MemoryStore store;
  iam::DirectoryService service;
  iam::UsageTracker usage;
  std::shared_ptr<const iam::ControlPolicies> control_policies =
      std::make_shared<const iam::ControlPolicies>();
  iam::CredentialReports reports;
  iam::MfaThrottle mfa_throttle{clock};
  iam::AuthMode mode = iam::AuthMode::enforce;

  [[nodiscard]] static iam::Caller root(std::string_view account = kIamAccount) {
    const std::string id(account);
    return {{iam::PrincipalType::account_root, id, "arn:aws:iam::" + id + ":root",
             "arn:aws:iam::" + id + ":root", id, id, "root", ""},
            "AKIAROOT",
            nullptr};
  }
  [[nodiscard]] iam::Caller user(std::string_view name) const {
    const auto found = service.snapshot()->find<iam::User>(kIamAccount, name);
    const std::string arn = iam::arn_of(*found);
    return {{iam::PrincipalType::user, found->account, arn, arn, found->unique_id, found->unique_id,
             found->name, ""},
            "AKIAUSER",
            nullptr};
  }

  /// "Action=CreateUser&UserName=dev", percent-encoded as on the wire.
  IamAnswer call(std::string_view form) { return call(form, root()); }
  IamAnswer call(std::string_view form, const iam::Caller& caller) {
    const auto parameters = aws::QueryParameters::parse(form).value();
    const auto* operation = find(parameters.get("Action").value_or(""));
    if (operation == nullptr) return {400, "InvalidAction", "", "", "", false};
    base::HttpRequest http;
    http.peer.address = base::SocketAddress::parse("10.1.2.3:40000").value();
    iam::api::Context context{service, usage,       reports, mfa_throttle, control_policies,
                              random,  clock.now(), "aws",   mode,         kCheapPasswords};
    const auto answer =
        iam::api::call(*operation, {parameters, caller, http, "us-east-1", "request-id"}, context);
    if (answer.xml) {
      return {200, "", "", *answer.xml, answer.resource, answer.would_deny, answer.permissions};
    }
    const auto& error = answer.xml.error();
    return {error.status,    error.code,        error.message.value_or(""), "",
            answer.resource, answer.would_deny, answer.permissions};
  }

 private:
  [[nodiscard]] const iam::api::Operation* find(std::string_view name) const {
    for (const auto rows : rows_) {
      for (const auto& operation : rows) {
        if (operation.name == name) return &operation;
      }
    }
    return nullptr;
  }
  Rows rows_;
};

}  // namespace imdsd::support
