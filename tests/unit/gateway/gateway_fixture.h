// SPDX-License-Identifier: MIT
// A gateway over a world of one user and one role, and what it has recorded.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "gateway/gateway.h"
#include "s3/object_files.h"
#include "s3/object_store.h"
#include "s3/service.h"
#include "sts/issue_for_service.h"
#include "tests/fakes/memory_instances.h"
#include "tests/fakes/memory_s3_index.h"
#include "tests/fakes/memory_store.h"
#include "tests/support/sts_world.h"
#include "tests/unit/daemon/temp_dir.h"

namespace imdsd::gateway {

inline constexpr std::string_view kIdentity = "Action=GetCallerIdentity&Version=2011-06-15";

class RecordingAuditSink final : public AuditSink {
 public:
  void record(const AuditRecord& record) override { records.push_back(record); }
  std::vector<AuditRecord> records;
};

class GatewayTest : public testing::Test {
 protected:
  GatewayTest() {
    world_.users.push_back({.name = "dev"});
    world_.roles.push_back({.name = "app-role", .trust = support::kTrustEc2});
    settings_.store(std::make_shared<const Settings>(Settings{{"sts.example.test"}}));
    publish();
  }

  void publish() { authority_.store(std::make_shared<const sts::Authority>(world_.authority())); }

  base::HttpResponse handle(const base::HttpRequest& request) { return gateway_.handle(request); }

  base::HttpRequest signed_form(std::string_view form, std::string_view service = "sts") {
    auto request = support::StsWorld::post(form);
    world_.sign(request, support::StsWorld::key_of("dev"), service);
    return request;
  }

  aws::Credentials session() {
    return sts::issue_for_service({.service_principal = "ec2.amazonaws.com",
                                   .account = std::string(support::kAccount),
                                   .role_name = "app-role",
                                   .session_name = "i-1",
                                   .lifetime = std::chrono::hours(6),
                                   .delivery = iam::RoleDelivery::imdsv2,
                                   .source_instance_arn = ""},
                                  *authority_.load(), world_.clock.now(), world_.random)
        .value();
  }

  const AuditRecord& last() { return audit_.records.back(); }

  support::StsWorld world_;
  base::SnapshotCell<sts::Authority> authority_;
  base::SnapshotCell<Settings> settings_;
  RecordingAuditSink audit_;
  fakes::MemoryStore store_;
  iam::DirectoryService directory_{store_, world_.clock, world_.random,
                                   std::make_shared<const iam::Directory>()};
  iam::UsageTracker usage_;
  fakes::MemoryInstances instances_;
  daemon::TempDir folder_;
  fakes::MemoryS3Index index_;
  s3::ObjectFiles files_{folder_ / "s3", world_.random};
  s3::ObjectStore objects_{index_, files_};
  s3::Service s3_{index_, objects_, world_.random};
  Gateway gateway_{world_.clock, world_.random, authority_, settings_, directory_,
                   usage_,       instances_,    s3_,        audit_};
};

}  // namespace imdsd::gateway
