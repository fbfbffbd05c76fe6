// SPDX-License-Identifier: MIT
// A console over a small account: James, who has a password, and a role that trusts him.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/password_hash.h"
#include "console/console.h"
#include "s3/object_files.h"
#include "s3/object_store.h"
#include "s3/service.h"
#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/memory_instances.h"
#include "tests/fakes/memory_s3_index.h"
#include "tests/support/sts_world.h"
#include "tests/unit/daemon/temp_dir.h"

namespace imdsd::console {

using Json = nlohmann::json;
using support::kAccount;

inline constexpr std::string_view kPassword = "The-1st-password", kNewPassword = "The-2nd-password";
inline const std::string kJames = "arn:aws:iam::123456789012:user/James";
inline const std::string kRole = "arn:aws:iam::123456789012:role/S3-role";

/// Keeps what the daemon's audit log hands on.
class Audit final : public gateway::AuditSink {
 public:
  Audit(gateway::RecentDenials& denials, gateway::RecentRequests& requests)
      : log_(denials), requests_(requests) {}
  void record(const gateway::AuditRecord& record) override {
    records.push_back(record);
    log_.record(record);
    requests_.add(record);
  }
  std::vector<gateway::AuditRecord> records;

 private:
  gateway::LogAuditSink log_;
  gateway::RecentRequests& requests_;
};

class ConsoleTest : public testing::Test {
 protected:
  ConsoleTest() {
    world_.users.push_back({.name = "James"});
    world_.roles.push_back(
        {.name = "S3-role",
         .trust = support::trust(R"({"AWS":"arn:aws:iam::123456789012:user/James"})"),
         .policies = {support::allow("s3:*", "*")}});
    publish();
    change_james([this](iam::User& james) {
      iam::LoginProfile profile;
      profile.password_hash = base::hash_password(kPassword, {8, 1}, world_.random);
      profile.created = profile.changed = world_.clock.now();
      james.login_profile = std::move(profile);
    });
    console_.configure({{"console.example.test"}, "eu-west-1"});
  }

  /// Publishes what world_ and the directory say now.
  void publish() {
    auto authority = world_.authority();
    authority.default_account = std::string(kAccount);
    authority_.store(std::make_shared<const sts::Authority>(std::move(authority)));
  }

  void change_james(const std::function<void(iam::User&)>& change) { change_user("James", change); }
  void change_user(const std::string& name, const std::function<void(iam::User&)>& change) {
    write([&](iam::Transaction& transaction) {
      iam::User user = iam::clone(*transaction.directory().find<iam::User>(kAccount, name));
      change(user);
      transaction.put(std::move(user));
    });
  }
  void write(const std::function<void(iam::Transaction&)>& change) {
    const auto written = world_.directory_service.write([&](iam::Transaction& transaction) {
      change(transaction);
      return true;
    });
    ASSERT_TRUE(written);
    publish();
  }
  /// What a device of James shows with this seed.
  void enable_mfa(const std::string& seed, const std::string& name = "James") {
    write([&](iam::Transaction& transaction) {
      iam::MfaDevice device;
      device.account = std::string(kAccount);
      device.name = name;
      device.unique_id = "arn:aws:iam::123456789012:mfa/" + name;
      device.seed = base::Secret(seed);
      device.user_id = transaction.directory().find<iam::User>(kAccount, "James")->unique_id;
      device.enabled = world_.clock.now();
      transaction.put(std::move(device));
    });
  }

  base::HttpRequest request(const std::string& method, const std::string& target,
                            const std::string& body = {}) const {
    fakes::HttpRequestBuilder builder(method, target);
    builder.header("Host", "localhost:1340").from(peer_).to("127.0.0.1:1340");
    if (method == "POST") builder.header("Content-Type", "application/json").body(body);
    if (!cookie_.empty()) builder.header("Cookie", cookie_);
    if (!forwarded_for_.empty()) builder.header("X-Forwarded-For", forwarded_for_);
    if (!csrf_.empty()) builder.header("X-CSRF-Token", csrf_);
    return builder.build();
  }
  /// The status stands in `status_`.
  Json ask(const base::HttpRequest& asked) {
    const auto response = console_.handle(asked);
    status_ = response.status;
    if (const auto line = response.headers.get("Set-Cookie")) {
      cookie_ = line->substr(0, line->find(';'));
    }
    Json json = Json::parse(response.body, nullptr, false);
    if (json.is_object() && json.contains("csrf_token")) csrf_ = json["csrf_token"];
    return json;
  }
  Json get(const std::string& name) { return ask(request("GET", "/api/" + name)); }
  Json post(const std::string& name, const Json& body = Json::object()) {
    return ask(request("POST", "/api/" + name, body.dump()));
  }
  Json sign_in(Json more = Json::object()) {
    Json form = {{"user", "James"}, {"password", kPassword}};
    form.update(more);
    return post("sign-in", form);
  }

  support::StsWorld world_;
  base::SnapshotCell<sts::Authority> authority_;
  base::SnapshotCell<gateway::Settings> settings_{std::make_shared<const gateway::Settings>()};
  gateway::RecentDenials denials_;
  gateway::RecentRequests requests_;
  Audit audit_{denials_, requests_};
  iam::UsageTracker usage_;
  fakes::MemoryInstances instances_;
  daemon::TempDir folder_;
  fakes::MemoryS3Index index_;
  s3::ObjectFiles files_{folder_ / "s3", world_.random};
  s3::ObjectStore objects_{index_, files_};
  s3::Service s3_{index_, objects_, world_.random};
  gateway::Gateway gateway_{
      world_.clock, world_.random, authority_, settings_, world_.directory_service,
      usage_,       instances_,    s3_,        audit_};
  std::vector<InstanceRow> rows_;
  Console console_{{world_.clock, world_.random, authority_, gateway_, audit_, requests_, denials_,
                    usage_, [this] { return rows_; }}};
  std::string peer_ = "127.0.0.1:50000", cookie_, csrf_, forwarded_for_;
  int status_ = 0;
};

}  // namespace imdsd::console
