// SPDX-License-Identifier: MIT
// meta-data/iam/: which credentials are served when, and to whom.
#include <string>

#include "imds/error_page.h"
#include "tests/unit/imds/service_fixture.h"

namespace imdsd::imds {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

constexpr const char* kExtended = "/latest/meta-data/iam/security-credentials-extended";

class ServiceCredentials : public ServiceFixture {};

TEST_F(ServiceCredentials, NameTheRole) {
  for (const char* path : {"/latest/meta-data/iam/security-credentials",
                           "/latest/meta-data/iam/security-credentials/"}) {
    EXPECT_EQ(get(path).status, 200);
    EXPECT_EQ(get(path).body, "app-role");
    EXPECT_EQ(get_v2(path).body, "app-role");
  }
}

TEST_F(ServiceCredentials, AreThoseOfTheDelivery) {
  const auto v1 = get(kRolePath), v2 = get_v2(kRolePath);
  EXPECT_EQ(v1.status, 200);
  EXPECT_EQ(v2.status, 200);
  EXPECT_EQ(header(v2, "Content-Type"), "text/plain");
  EXPECT_EQ(v1.body, std::string_view(role_->credentials_v1));
  EXPECT_EQ(v2.body, std::string_view(role_->credentials_v2));
  EXPECT_NE(v1.body, v2.body);
}

TEST_F(ServiceCredentials, ComeWithInfo) {
  EXPECT_EQ(get("/latest/meta-data/iam/info").body, role_->info);
  EXPECT_EQ(get_v2("/latest/meta-data/iam/info/").body, role_->info);
}

TEST_F(ServiceCredentials, AreServedUntilTheyExpire) {
  clock_.set(*role_->expiration - microseconds(1));
  EXPECT_EQ(get(kRolePath).body, std::string_view(role_->credentials_v1));
  EXPECT_EQ(get_v2(kRolePath).body, std::string_view(role_->credentials_v2));
  for (const auto late : {microseconds(0), microseconds(1), microseconds(hours(1))}) {
    clock_.set(*role_->expiration + late);
    EXPECT_EQ(get(kRolePath).status, 200);
    EXPECT_EQ(get(kRolePath).body, role_->expired);
    EXPECT_EQ(get_v2(kRolePath).body, role_->expired);
    EXPECT_EQ(get(kRolePath).body.find("SecretAccessKey"), std::string::npos);
  }
}

TEST_F(ServiceCredentials, AreDatedByTheirUpdate) {
  clock_.advance(hours(1));
  role_ = role_documents();
  publish();
  clock_.advance(hours(1));
  publish();
  EXPECT_EQ(header(get(kRolePath), "Last-Modified"), "Thu, 01 Jan 2026 01:00:00 GMT");
  EXPECT_EQ(header(get("/latest/meta-data/mac"), "Last-Modified"), "Thu, 01 Jan 2026 02:00:00 GMT");
}

TEST_F(ServiceCredentials, OfARotationAreSeenAtOnce) {
  EXPECT_EQ(get_v2(kRolePath).body, std::string_view(role_->credentials_v2));
  clock_.advance(hours(5));
  role_ = role_documents();
  publish();
  EXPECT_EQ(get_v2(kRolePath).body, std::string_view(role_->credentials_v2));
}

TEST_F(ServiceCredentials, OfAnotherRoleAreNotFound) {
  for (const char* name :
       {"other", "app-rol", "app-role2", "App-Role", "app-role/x", "app%2drole2"}) {
    const auto response = get_v2("/latest/meta-data/iam/security-credentials/" + std::string(name));
    EXPECT_EQ(response.status, 404) << name;
    EXPECT_EQ(response.body, error_page(404));
    EXPECT_EQ(header(response, kTtlAnswer), "21600");
  }
}

TEST_F(ServiceCredentials, AreFoundByAnEscapedName) {
  EXPECT_EQ(get("/latest/meta-data/iam/security-credentials/app%2Drole").body,
            std::string_view(role_->credentials_v1));
}

TEST_F(ServiceCredentials, AreAbsentWithoutAProfile) {
  role_ = nullptr;
  options_.extended_credentials = true;
  publish();
  EXPECT_EQ(get("/latest/meta-data/").body.find("iam"), std::string::npos);
  for (const char* path :
       {"/latest/meta-data/iam", "/latest/meta-data/iam/", "/latest/meta-data/iam/info",
        "/latest/meta-data/iam/security-credentials/", kRolePath, kExtended}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
}

TEST_F(ServiceCredentials, AreAbsentFromAProfileWithoutRole) {
  RoleDocuments documents = *role_;
  documents.role_name.clear();
  role_ = std::make_shared<const RoleDocuments>(documents);
  publish();
  EXPECT_EQ(get("/latest/meta-data/iam/").body, "info");
  EXPECT_EQ(get("/latest/meta-data/iam/info").status, 200);
  EXPECT_EQ(get("/latest/meta-data/iam/security-credentials/").status, 404);
}

TEST_F(ServiceCredentials, TellAFailureWithStatus200) {
  role_ = std::make_shared<const RoleDocuments>(render_role_documents(
      {.role_name = "app-role",
       .instance_profile_arn = "arn:aws:iam::123456789012:instance-profile/app-role",
       .instance_profile_id = "AIPAEXAMPLE",
       .account_id = "123456789012",
       .last_updated = clock_.now(),
       .failure_code = "AssumeRoleUnauthorizedAccess",
       .failure_message = "EC2 cannot assume the role app-role."}));
  publish();
  clock_.advance(hours(100));
  const auto response = get_v2(kRolePath);
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find("\"Code\" : \"AssumeRoleUnauthorizedAccess\""), std::string::npos);
  EXPECT_EQ(get("/latest/meta-data/iam/security-credentials/").body, "app-role");
}

TEST_F(ServiceCredentials, HaveAnExtendedFormOnlyWhenSwitchedOn) {
  const std::string document = std::string(kExtended) + "/app-role";
  EXPECT_EQ(get(kExtended).status, 404);
  EXPECT_EQ(get(document).status, 404);
  EXPECT_EQ(get(document).body, error_page(404));

  options_.extended_credentials = true;
  publish();
  EXPECT_EQ(get(kExtended).body, "app-role");
  EXPECT_EQ(get(document).body, std::string_view(role_->extended_v1));
  EXPECT_EQ(get_v2(document).body, std::string_view(role_->extended_v2));
  EXPECT_EQ(get(std::string(kExtended) + "/other").status, 404);
  EXPECT_EQ(get("/latest/meta-data/iam/").body, "info\nsecurity-credentials/");  // never listed
  clock_.set(*role_->expiration);
  EXPECT_EQ(get(document).body, role_->expired);
}

}  // namespace
}  // namespace imdsd::imds
