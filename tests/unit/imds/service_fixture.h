// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "imds/instance_metadata.h"
#include "imds/role_documents.h"
#include "imds/service.h"
#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::imds {

inline constexpr const char* kTtlAnswer = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds";
inline constexpr const char* kRolePath = "/latest/meta-data/iam/security-credentials/app-role";

/// A service of one instance with a role, a manual clock and no socket.
class ServiceFixture : public testing::Test {
 protected:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  ServiceFixture() { publish(); }

  /// Makes `options_`, `description_` and `role_` what the service sees.
  void publish() {
    InstanceSnapshot snapshot;
    snapshot.options = options_;
    snapshot.tree = build_metadata_tree(description_, clock_.now()).value();
    snapshot.role = role_;
    instance_->snapshot.store(std::make_shared<const InstanceSnapshot>(std::move(snapshot)));
  }

  std::shared_ptr<const RoleDocuments> role_documents() {
    const auto expiration = clock_.now() + std::chrono::hours(6);
    const aws::Credentials v1{"ASIAONE", base::Secret("secret-one"), base::Secret("token-one"),
                              expiration};
    const aws::Credentials v2{"ASIATWO", base::Secret("secret-two"), base::Secret("token-two"),
                              expiration};
    return std::make_shared<const RoleDocuments>(render_role_documents(
        {.role_name = "app-role",
         .instance_profile_arn = "arn:aws:iam::123456789012:instance-profile/app-role",
         .instance_profile_id = "AIPAEXAMPLE",
         .account_id = "123456789012",
         .last_updated = clock_.now(),
         .imdsv1 = &v1,
         .imdsv2 = &v2,
         .failure_code = {},
         .failure_message = {}}));
  }

  base::HttpResponse send(std::string method, std::string target, const Headers& headers = {}) {
    fakes::HttpRequestBuilder request(std::move(method), std::move(target));
    request.header("Host", "127.0.0.1:1338");
    for (const auto& [name, value] : headers) request.header(name, value);
    return service_.handle(request.build());
  }
  base::HttpResponse get(std::string target, const Headers& headers = {}) {
    return send("GET", std::move(target), headers);
  }
  std::string token(int ttl = 21600) {
    return send("PUT", "/latest/api/token",
                {{"X-aws-ec2-metadata-token-ttl-seconds", std::to_string(ttl)}})
        .body;
  }
  /// GET with a fresh token.
  base::HttpResponse get_v2(std::string target, Headers headers = {}) {
    headers.emplace_back("X-aws-ec2-metadata-token", token());
    return get(std::move(target), headers);
  }
  static std::string header(const base::HttpResponse& response, std::string_view name) {
    return std::string(response.headers.get(name).value_or("(absent)"));
  }

  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_;
  std::shared_ptr<Instance> instance_ = std::make_shared<Instance>("i-0a1b2c3d4e5f60718", random_);
  Service service_{clock_, *instance_};
  MetadataOptions options_;
  InstanceDescription description_{.id = "i-0a1b2c3d4e5f60718",
                                   .type = "t3.micro",
                                   .availability_zone = "us-east-1a",
                                   .account_id = "123456789012",
                                   .launch_time = fakes::ManualClock::kStart,
                                   .interfaces = {{.public_ipv4s = {"3.4.5.6"}}},
                                   .user_data = "#!/bin/sh\n"};
  std::shared_ptr<const RoleDocuments> role_ = role_documents();
};

}  // namespace imdsd::imds
