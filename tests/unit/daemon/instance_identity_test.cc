// SPDX-License-Identifier: MIT
// The credentials of the instance identity role over reloads.
#include <string>

#include "core_fixture.h"

namespace imdsd::daemon {
namespace {

class CoreInstanceIdentity : public CoreTest {
 protected:
  [[nodiscard]] std::string key() const {
    const auto document = nlohmann::json::parse(
        get("/latest/meta-data/identity-credentials/ec2/security-credentials/ec2-instance").body);
    return document["AccessKeyId"];
  }
};

TEST_F(CoreInstanceIdentity, AReloadKeepsThemAsLongAsTheirTermsStay) {
  ASSERT_EQ(apply("[[instance]]\n"), "");
  const std::string first = key();
  ASSERT_EQ(apply("[[instance]]\ntype = \"t3.large\"\n"), "");
  EXPECT_EQ(key(), first);
  ASSERT_EQ(apply("[credentials]\nlifetime = \"2h\"\n[[instance]]\n"), "");
  const std::string shorter = key();
  EXPECT_NE(shorter, first);
  ASSERT_EQ(apply("[credentials]\nlifetime = \"2h\"\n[aws]\naccount_id = \"111122223333\"\n"
                  "[[instance]]\n"),
            "");
  EXPECT_NE(key(), shorter);
}

TEST_F(CoreInstanceIdentity, RotationRenewsThem) {
  ASSERT_EQ(apply("[[instance]]\n"), "");
  const std::string first = key();
  ASSERT_TRUE(core_->rotate(""));
  EXPECT_NE(key(), first);
}

}  // namespace
}  // namespace imdsd::daemon
