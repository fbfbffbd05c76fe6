// SPDX-License-Identifier: MIT
#include "imds/instance_identity_role.h"

#include <chrono>
#include <memory>
#include <string>

#include "aws/time_format.h"
#include "tests/unit/imds/service_fixture.h"

namespace imdsd::imds {
namespace {

using std::chrono::hours;

constexpr const char* kFolder = "/latest/meta-data/identity-credentials/ec2/security-credentials/";

class InstanceIdentity : public ServiceFixture {
 protected:
  InstanceIdentity() {
    auto snapshot = std::make_shared<InstanceSnapshot>(*instance_->snapshot.load());
    snapshot->role = nullptr;  // no instance profile
    snapshot->identity_role = identity_;
    instance_->snapshot.store(std::move(snapshot));
  }

  base::Result<InstanceIdentityCredentials> issue(base::SystemTime now) {
    if (fails_) return base::fail(base::Errc::too_large, "no room");
    const std::string number = std::to_string(++issued_);
    const auto set = [&](const std::string& version) {
      return aws::Credentials{"ASIA" + version + number, base::Secret("secret-" + number),
                              base::Secret("token-" + number), now + hours(6)};
    };
    return InstanceIdentityCredentials{set("V1"), set("V2"), now, now + hours(5)};
  }

  std::string document() { return get_v2(kFolder + std::string("ec2-instance")).body; }

  int issued_ = 0;
  bool fails_ = false;
  std::shared_ptr<InstanceIdentityRole> identity_ =
      std::make_shared<InstanceIdentityRole>([this](base::SystemTime now) { return issue(now); });
};

TEST_F(InstanceIdentity, IsListedAndIssuesNothingUntilItIsRead) {
  EXPECT_EQ(get("/latest/meta-data/identity-credentials").body, "ec2/");
  EXPECT_EQ(get("/latest/meta-data/identity-credentials/ec2/").body, "info\nsecurity-credentials/");
  EXPECT_EQ(get(kFolder).body, "ec2-instance");
  EXPECT_EQ(get(kFolder + std::string("other")).status, 404);
  EXPECT_EQ(get("/latest/meta-data/iam/info").status, 404);
  EXPECT_EQ(issued_, 0);
}

TEST_F(InstanceIdentity, IsNotInVersionsBeforeIt) {
  EXPECT_EQ(get("/2018-03-28/meta-data/identity-credentials/").status, 404);
  EXPECT_EQ(get("/2018-08-17/meta-data/identity-credentials/ec2/security-credentials").status, 200);
}

TEST_F(InstanceIdentity, HasTheDocumentOfARole) {
  const auto answer = get_v2(kFolder + std::string("ec2-instance/"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(header(answer, "Content-Type"), "text/plain");
  EXPECT_EQ(answer.body, "{\n  \"Code\" : \"Success\",\n  \"LastUpdated\" : \"" +
                             aws::format_iso8601(clock_.now()) +
                             "\",\n  \"Type\" : \"AWS-HMAC\",\n  \"AccessKeyId\" : \"ASIAV21\",\n"
                             "  \"SecretAccessKey\" : \"secret-1\",\n  \"Token\" : \"token-1\",\n"
                             "  \"Expiration\" : \"" +
                             aws::format_iso8601(clock_.now() + hours(6)) + "\"\n}");
  EXPECT_NE(get(kFolder + std::string("ec2-instance")).body.find("ASIAV11"), std::string::npos);
}

TEST_F(InstanceIdentity, StaysTheSameUntilItIsDue) {
  const std::string first = document();
  clock_.advance(hours(5) - std::chrono::seconds(1));
  EXPECT_EQ(document(), first);
  EXPECT_EQ(issued_, 1);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_NE(document().find("ASIAV22"), std::string::npos);
  identity_->renew();
  EXPECT_NE(document().find("ASIAV23"), std::string::npos);
}

TEST_F(InstanceIdentity, WithoutNewOnesTheOldOnesGoOnUntilTheyEnd) {
  const std::string first = document();
  fails_ = true;
  clock_.advance(hours(5));
  EXPECT_EQ(document(), first);
  clock_.advance(hours(1));
  EXPECT_EQ(document().find("ASIA"), std::string::npos);
  EXPECT_NE(document().find("\"Code\" : \"Failed\""), std::string::npos) << document();
  fails_ = false;
  EXPECT_NE(document().find("ASIAV22"), std::string::npos);
}

TEST_F(InstanceIdentity, SaysWhyThereAreNone) {
  fails_ = true;
  const auto answer = get_v2(kFolder + std::string("ec2-instance"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find("instance identity role: no room"), std::string::npos) << answer.body;
}

/// The document outlives its renewal by another reader.
TEST_F(InstanceIdentity, ADocumentIsItsReadersOwn) {
  const auto read = identity_->documents(clock_.now());
  identity_->renew();
  EXPECT_NE(identity_->documents(clock_.now()), read);
  EXPECT_NE(read->credentials_v2.find("ASIAV21"), std::string::npos);
}

}  // namespace
}  // namespace imdsd::imds
