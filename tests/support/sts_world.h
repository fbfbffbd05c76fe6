// SPDX-License-Identifier: MIT
// A small account to try STS on: users with keys, roles with trust policies, a clock and a key
// ring.
#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/credentials.h"
#include "aws/sigv4.h"
#include "aws/time_format.h"
#include "base/codec.h"
#include "base/digest.h"
#include "base/http_message.h"
#include "iam/declarations.h"
#include "iam/directory_service.h"
#include "iam/mfa_throttle.h"
#include "sts/authority.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::support {

inline constexpr std::string_view kAccount = "123456789012";
inline constexpr std::string_view kOtherAccount = "210987654321";

inline std::string allow(std::string_view action, std::string_view resource) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":")" +
         std::string(action) + R"(","Resource":")" + std::string(resource) + R"("}]})";
}

inline std::string deny(std::string_view action, std::string_view resource) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":")" +
         std::string(action) + R"(","Resource":")" + std::string(resource) + R"("}]})";
}

/// `principal`, `action`: the JSON of these elements; `condition`: of the Condition element, or
/// nothing.
inline std::string trust(std::string_view principal, std::string_view condition = {},
                         std::string_view action = R"("sts:AssumeRole")") {
  std::string text = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":)";
  text.append(principal).append(R"(,"Action":)").append(action);
  if (!condition.empty()) text.append(R"(,"Condition":)").append(condition);
  return text + "}]}";
}

inline const std::string kTrustEc2 = trust(R"({"Service":"ec2.amazonaws.com"})");

class StsWorld {
 public:
  struct User {
    std::string name;
    std::vector<std::string> policies = {};
    std::string account = std::string(kAccount);
    std::string path = "/";
    bool active = true;
    std::vector<iam::Tag> tags = {};
  };
  struct Role {
    std::string name;
    std::string trust;
    std::vector<std::string> policies = {};
    std::chrono::seconds max_session_duration{3600};
    std::string account = std::string(kAccount);
    std::string path = "/";
    std::vector<iam::Tag> tags = {};
  };
  struct ManagedPolicy {
    std::string name;
    std::string text;
    std::string account = std::string(kAccount);
  };
  struct LongTermKey {
    std::string id;
    base::Secret secret;
  };

  std::vector<User> users;
  std::vector<Role> roles;
  std::vector<ManagedPolicy> policies;
  sts::Organization organization;
  iam::ControlPolicies control_policies;
  std::vector<iam::Declarations::DeclaredOidcProvider> oidc_providers;
  std::shared_ptr<sts::OidcKeySource> oidc_keys;  // of issuers
  iam::AuthMode mode = iam::AuthMode::enforce;
  fakes::ManualClock clock;
  fakes::ScriptedRandom random{7};
  fakes::MemoryStore store;
  iam::MfaThrottle mfa_throttle{clock};
  /// The directory, which authority() brings up to date.
  iam::DirectoryService directory_service{store, clock, random,
                                          std::make_shared<const iam::Directory>()};

  StsWorld()
      : key_ring_(
            std::make_shared<const sts::KeyRing>(sts::KeyRing::generate(random, clock.now()))) {}

  /// What users and roles say now. Unique ids live as long as their entity is declared.
  [[nodiscard]] sts::Authority authority() {
    iam::Declarations declared;
    for (const User& user : users) declared.users.push_back(declare(user));
    for (const Role& role : roles) declared.roles.push_back(declare(role));
    for (const ManagedPolicy& policy : policies) declared.policies.push_back(declare(policy));
    declared.oidc_providers = oidc_providers;
    std::string errors;
    const auto written = directory_service.write([&](iam::Transaction& transaction) {
      const auto ensured = iam::ensure(declared, {}, transaction);
      if (ensured) return true;
      for (const auto& error : ensured.error()) errors += error.message + "\n";
      return false;
    });
    if (!written || !errors.empty()) throw std::runtime_error(errors);
    return {.directory = directory_service.snapshot(),
            .key_ring = key_ring_,
            .control_policies = std::make_shared<const iam::ControlPolicies>(control_policies),
            .organization = std::make_shared<const sts::Organization>(organization),
            .mode = mode,
            .partition = "aws",
            .oidc_keys = oidc_keys,
            .default_account = "111122223333"};
  }

  void new_key_ring() {
    key_ring_ = std::make_shared<const sts::KeyRing>(sts::KeyRing::generate(random, clock.now()));
  }

  void drop_role(std::string_view name) {
    std::erase_if(roles, [&](const Role& role) { return role.name == name; });
  }

  [[nodiscard]] static LongTermKey key_of(std::string_view user) {
    return {key_id(user), base::Secret("secret-of-" + std::string(user) + "-which-is-long-enough")};
  }

  [[nodiscard]] static base::HttpRequest post(std::string_view form,
                                              std::string_view host = "127.0.0.1:1339") {
    base::HttpRequest request;
    request.method = "POST";
    request.target = "/";
    request.headers.add("Host", std::string(host));
    request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    request.headers.add("User-Agent", "aws-cli/2.38.1");
    request.body = form;
    request.peer.address = base::SocketAddress::parse("10.1.2.3:40000").value();
    return request;
  }

  void sign(base::HttpRequest& request, const LongTermKey& key,
            std::string_view service = "sts") const {
    sign_with(request, {key.id, &key.secret, nullptr}, service);
  }

  void sign(base::HttpRequest& request, const aws::Credentials& credentials,
            std::string_view service = "sts") const {
    sign_with(
        request,
        {credentials.access_key_id, &credentials.secret_access_key, &credentials.session_token},
        service);
  }

  /// GET /?`query`, signed in the query as EKS and Vault logins do it.
  [[nodiscard]] base::HttpRequest presigned(std::string_view query,
                                            const aws::Credentials& credentials) const {
    base::HttpRequest request;
    request.method = "GET";
    request.headers.add("Host", "sts.us-east-1.localhost:1339");
    const std::string date = aws::format_basic(clock.now());
    const aws::CredentialScope scope{date.substr(0, 8), "us-east-1", "sts", "aws4_request"};
    request.target =
        "/?" + std::string(query) + "&X-Amz-Algorithm=AWS4-HMAC-SHA256" + "&X-Amz-Credential=" +
        base::percent_encode(credentials.access_key_id + "/" + scope.to_string()) +
        "&X-Amz-Date=" + date + "&X-Amz-Expires=60&X-Amz-SignedHeaders=host" +
        "&X-Amz-Security-Token=" + base::percent_encode(credentials.session_token.reveal());
    const std::vector<std::string> names{"host"};
    const auto canonical =
        aws::canonical_request(request, names, base::hex_encode(base::sha256("")),
                               aws::PathRule::normalize_and_encode_twice)
            .value();
    request.target +=
        "&X-Amz-Signature=" + aws::signature(credentials.secret_access_key, scope,
                                             aws::string_to_sign(date, scope, canonical));
    return request;
  }

 private:
  void sign_with(base::HttpRequest& request, const aws::SigningKey& key,
                 std::string_view service) const {
    if (const auto ok = aws::sign(request, key, "us-east-1", service, clock.now()); !ok) {
      throw std::runtime_error(ok.error().message);
    }
  }

  static std::string key_id(std::string_view user) {
    std::string id = "AKIA" + base::base32_encode(base::sha256(user)).substr(0, 16);
    id[4] = 'Q';  // top bit set: a new-style id
    return id;
  }

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

  static iam::Declarations::DeclaredUser declare(const User& user) {
    iam::Declarations::DeclaredUser declared;
    declared.account = user.account;
    declared.path = user.path;
    declared.name = user.name;
    declared.tags = user.tags;
    declared.policies = parse(user.policies);
    auto key = key_of(user.name);
    declared.access_keys.push_back({std::move(key.id), std::move(key.secret), user.active});
    return declared;
  }

  static iam::Declarations::DeclaredRole declare(const Role& role) {
    iam::Declarations::DeclaredRole declared;
    declared.account = role.account;
    declared.path = role.path;
    declared.name = role.name;
    declared.tags = role.tags;
    declared.trust_policy = iam::parse_policy(role.trust, iam::PolicyKind::trust).value().document;
    declared.policies = parse(role.policies);
    declared.max_session_duration = role.max_session_duration;
    return declared;
  }

  static iam::Declarations::DeclaredPolicy declare(const ManagedPolicy& policy) {
    iam::Declarations::DeclaredPolicy declared;
    declared.account = policy.account;
    declared.name = policy.name;
    declared.document = parse({policy.text}).front().document;
    return declared;
  }

  std::shared_ptr<const sts::KeyRing> key_ring_;
};

}  // namespace imdsd::support
