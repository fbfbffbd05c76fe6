// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "base/totp.h"
#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

constexpr std::string_view kSerial = "arn:aws:iam::123456789012:mfa/team/phone";

class MfaDevices : public ::testing::Test {
 protected:
  MfaDevices() { iam_.call("Action=CreateUser&UserName=dev"); }

  /// Makes /team/phone and remembers its seed.
  support::IamAnswer make(std::string_view more = "") {
    const auto created = iam_.call(
        "Action=CreateVirtualMFADevice&Path=/team/&VirtualMFADeviceName=phone" + std::string(more));
    seed_ = base::base64_decode(created.text("Base32StringSeed")).value_or("");
    return created;
  }
  [[nodiscard]] std::string code(long ahead) const {
    return base::totp_code(base::base32_decode(seed_).value(),
                           base::totp_step(iam_.clock.now()) + ahead);
  }
  support::IamAnswer on_device(std::string_view action, std::string_view more = "") {
    return iam_.call("Action=" + std::string(action) +
                     "&SerialNumber=" + base::percent_encode(kSerial) + std::string(more));
  }
  support::IamAnswer with_codes(std::string_view action, const std::string& first,
                                const std::string& second, std::string_view user = "dev") {
    return on_device(action, "&UserName=" + std::string(user) + "&AuthenticationCode1=" + first +
                                 "&AuthenticationCode2=" + second);
  }

  support::IamWorld iam_{{user_operations(), mfa_operations()}};
  std::string seed_;
};

TEST_F(MfaDevices, AreMadeWithASeedAndItsPicture) {
  const auto created = make();
  EXPECT_EQ(created.text("SerialNumber"), kSerial);
  EXPECT_EQ(created.resource, kSerial);
  EXPECT_EQ(seed_.size(), 64U);
  EXPECT_EQ(base::base32_decode(seed_).value(),
            iam_.service.snapshot()->find_by_id<MfaDevice>(kSerial)->seed.reveal());
  const auto picture = base::base64_decode(created.text("QRCodePNG"));
  ASSERT_TRUE(picture);
  EXPECT_TRUE(picture->starts_with("\x89PNG"));
  const auto again = make();
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.message, "MFA device already exists.");
}

TEST_F(MfaDevices, HaveSerialNumbersOf256CharactersAtMost) {
  const std::string base = "Action=CreateVirtualMFADevice&VirtualMFADeviceName=";
  EXPECT_EQ(iam_.call(base + std::string(226, 'a')).status, 200);
  EXPECT_EQ(iam_.call(base + std::string(227, 'a')).code, "ValidationError");
  EXPECT_EQ(iam_.call(base + std::string(226, 'b') + "&Path=/p/").code, "InvalidInput");
}

TEST_F(MfaDevices, AreEnabledByTwoCodes) {
  make();
  EXPECT_EQ(with_codes("EnableMFADevice", code(0), code(1)).status, 200);
  const auto device = iam_.service.snapshot()->find_by_id<MfaDevice>(kSerial);
  EXPECT_EQ(device->last_step, base::totp_step(iam_.clock.now()) + 1);
  const auto listed = iam_.call("Action=ListMFADevices&UserName=dev");
  EXPECT_EQ(listed.text("SerialNumber"), kSerial);
  EXPECT_EQ(listed.text("UserName"), "dev");
  EXPECT_EQ(listed.text("EnableDate"), "2026-01-01T00:00:00Z");
  const auto again = with_codes("EnableMFADevice", code(2), code(3));
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code, "EntityAlreadyExists");
}

TEST_F(MfaDevices, AreNotEnabledByOtherCodes) {
  make();
  const auto refused = with_codes("EnableMFADevice", code(1), code(0));
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.code, "InvalidAuthenticationCode");
  EXPECT_EQ(refused.message, "Authentication code for device is not valid.");
  EXPECT_TRUE(iam_.call("Action=ListMFADevices&UserName=dev").texts("SerialNumber").empty());
  EXPECT_EQ(with_codes("EnableMFADevice", "12345", "abcdef").message,
            "2 validation errors detected: Value at 'authenticationCode1' failed to satisfy "
            "constraint: Member must have length greater than or equal to 6; Value at "
            "'authenticationCode2' failed to satisfy constraint: Member must satisfy regular "
            "expression pattern: [\\d]+");
}

TEST_F(MfaDevices, TakeNoCodesForAStepAfterTenWrongOnes) {
  make();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(with_codes("EnableMFADevice", code(1), code(0)).code, "InvalidAuthenticationCode");
  }
  const auto refused = with_codes("EnableMFADevice", code(0), code(1));
  EXPECT_EQ(refused.code, "InvalidAuthenticationCode");
  EXPECT_EQ(refused.message, "Authentication code for device is not valid.");
  iam_.clock.advance(std::chrono::seconds(30));
  EXPECT_EQ(with_codes("EnableMFADevice", code(0), code(1)).status, 200);
}

TEST_F(MfaDevices, AreForgottenWithTheirWrongCodesWhenTheyAreDeleted) {
  make();
  for (int i = 0; i < 20; ++i) with_codes("EnableMFADevice", code(1), code(0));
  EXPECT_EQ(on_device("DeleteVirtualMFADevice").status, 200);
  make();
  EXPECT_EQ(with_codes("EnableMFADevice", code(0), code(1)).status, 200);
}

TEST_F(MfaDevices, AreSynchronizedByFreshCodes) {
  make();
  with_codes("EnableMFADevice", code(0), code(1));
  EXPECT_EQ(with_codes("ResyncMFADevice", code(0), code(1)).code, "InvalidAuthenticationCode");
  EXPECT_EQ(with_codes("ResyncMFADevice", code(9), code(10)).status, 200);
  EXPECT_EQ(iam_.service.snapshot()->find_by_id<MfaDevice>(kSerial)->clock_ahead, 10);
  iam_.call("Action=CreateUser&UserName=other");
  const auto taken = with_codes("EnableMFADevice", code(11), code(12), "other");
  EXPECT_EQ(taken.code, "EntityAlreadyExists");
  EXPECT_EQ(taken.message, "MFA Device is already in use.");
  const auto other = with_codes("ResyncMFADevice", code(11), code(12), "other");
  EXPECT_EQ(other.code, "NoSuchEntity");
  EXPECT_EQ(other.message, "MFA Device invalid for user.");
}

TEST_F(MfaDevices, AreDeletedOnceDeactivated) {
  make();
  with_codes("EnableMFADevice", code(0), code(1));
  const auto in_use = on_device("DeleteVirtualMFADevice");
  EXPECT_EQ(in_use.code, "DeleteConflict");
  EXPECT_EQ(in_use.message, "MFA VirtualDevice in use. Must deactivate first.");
  EXPECT_EQ(iam_.call("Action=DeleteUser&UserName=dev").code, "DeleteConflict");
  EXPECT_EQ(on_device("DeactivateMFADevice").message, "MFA Device invalid for user.")
      << "for the calling root, which has none";
  EXPECT_EQ(on_device("DeactivateMFADevice", "&UserName=dev").status, 200);
  EXPECT_EQ(on_device("DeactivateMFADevice", "&UserName=dev").code, "NoSuchEntity");
  EXPECT_EQ(on_device("DeleteVirtualMFADevice").status, 200);
  const auto gone = on_device("DeleteVirtualMFADevice");
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.message,
            "MFA Device with serial number " + std::string(kSerial) + " does not exist.");
  EXPECT_EQ(iam_.call("Action=DeleteUser&UserName=dev").status, 200);
}

TEST_F(MfaDevices, AreListedByAssignment) {
  make();
  with_codes("EnableMFADevice", code(0), code(1));
  iam_.call("Action=CreateVirtualMFADevice&VirtualMFADeviceName=Spare");
  const auto list = [&](const std::string& more) {
    return iam_.call("Action=ListVirtualMFADevices" + more);
  };
  const std::string spare = "arn:aws:iam::123456789012:mfa/Spare";
  EXPECT_EQ(list("").texts("SerialNumber"),
            (std::vector<std::string>{std::string(kSerial), spare}));
  EXPECT_EQ(list("&AssignmentStatus=Any").texts("SerialNumber").size(), 2U);
  EXPECT_EQ(list("").resource, "arn:aws:iam::123456789012:mfa/");
  const auto assigned = list("&AssignmentStatus=Assigned");
  EXPECT_EQ(assigned.texts("SerialNumber"), std::vector<std::string>{std::string(kSerial)});
  EXPECT_EQ(assigned.text("UserName"), "dev");
  EXPECT_TRUE(assigned.has("EnableDate"));
  EXPECT_FALSE(assigned.has("Base32StringSeed"));
  const auto unassigned = list("&AssignmentStatus=Unassigned");
  EXPECT_EQ(unassigned.texts("SerialNumber"), std::vector<std::string>{spare});
  EXPECT_FALSE(unassigned.has("User"));
  EXPECT_EQ(list("&MaxItems=1").text("IsTruncated"), "true");
}

TEST_F(MfaDevices, TellWhoseTheyAre) {
  make();
  EXPECT_EQ(on_device("GetMFADevice").text("SerialNumber"), kSerial);
  EXPECT_FALSE(on_device("GetMFADevice").has("UserName"));
  with_codes("EnableMFADevice", code(0), code(1));
  const auto device = on_device("GetMFADevice");
  EXPECT_EQ(device.text("UserName"), "dev");
  EXPECT_EQ(device.text("EnableDate"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(device.resource, "arn:aws:iam::123456789012:user/dev");
  EXPECT_EQ(on_device("GetMFADevice", "&UserName=dev").status, 200);
  iam_.call("Action=CreateUser&UserName=other");
  EXPECT_EQ(on_device("GetMFADevice", "&UserName=other").code, "NoSuchEntity");
}

TEST_F(MfaDevices, AreEightAUser) {
  for (int i = 0; i <= 8; ++i) {
    const std::string name = "d" + std::to_string(i);
    const auto created = iam_.call("Action=CreateVirtualMFADevice&VirtualMFADeviceName=" + name);
    seed_ = base::base64_decode(created.text("Base32StringSeed")).value();
    const auto enabled =
        iam_.call("Action=EnableMFADevice&UserName=dev&SerialNumber=" +
                  base::percent_encode(created.text("SerialNumber")) +
                  "&AuthenticationCode1=" + code(0) + "&AuthenticationCode2=" + code(1));
    EXPECT_EQ(enabled.message, i < 8 ? "" : "Cannot exceed quota for MFADevicesPerUser: 8");
  }
}

TEST_F(MfaDevices, HaveTags) {
  EXPECT_EQ(make("&Tags.member.1.Key=a&Tags.member.1.Value=1").text("Key"), "a");
  EXPECT_EQ(on_device("TagMFADevice", "&Tags.member.1.Key=b&Tags.member.1.Value=2").status, 200);
  EXPECT_EQ(on_device("ListMFADeviceTags").texts("Key"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(on_device("UntagMFADevice", "&TagKeys.member.1=a").status, 200);
  EXPECT_EQ(on_device("ListMFADeviceTags").texts("Value"), std::vector<std::string>{"2"});
}

TEST_F(MfaDevices, OfAnotherAccountAreNotThere) {
  make();
  for (const char* action : {"DeleteVirtualMFADevice", "GetMFADevice", "ListMFADeviceTags"}) {
    EXPECT_EQ(iam_.call("Action=" + std::string(action) +
                            "&SerialNumber=" + base::percent_encode(kSerial),
                        support::IamWorld::root("999999999999"))
                  .code,
              "NoSuchEntity");
  }
}

TEST_F(MfaDevices, AreKeptWhole) {
  make();
  with_codes("EnableMFADevice", code(9), code(10));
  const auto before = iam_.service.snapshot()->find_by_id<MfaDevice>(kSerial);
  const auto content = iam_.store.load();
  ASSERT_TRUE(content);
  const auto after = make_directory(content->entities).value()->find_by_id<MfaDevice>(kSerial);
  EXPECT_EQ(after->seed.reveal(), before->seed.reveal());
  EXPECT_EQ(after->user_id, before->user_id);
  EXPECT_EQ(after->last_step, before->last_step);
  EXPECT_EQ(after->clock_ahead, 10);
  EXPECT_EQ(after->enabled, before->enabled);
}

}  // namespace
}  // namespace imdsd::iam::api
