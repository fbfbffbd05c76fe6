// SPDX-License-Identifier: MIT
#include "reach/cloud.h"

#include <gtest/gtest.h>

namespace imdsd::reach {
namespace {

struct Case {
  std::string_view name;
  Dmi dmi;
  std::string cloud;  // empty: none
  bool ec2 = false;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class DetectCloud : public testing::TestWithParam<Case> {};

TEST_P(DetectCloud, ByWhatTheFirmwareSays) {
  const auto cloud = detect_cloud(GetParam().dmi);
  EXPECT_EQ(cloud ? cloud->name : "", GetParam().cloud);
  EXPECT_EQ(cloud && cloud->ec2, GetParam().ec2);
  EXPECT_EQ(cloud && cloud->evidence.empty(), false);
}

INSTANTIATE_TEST_SUITE_P(
    Table, DetectCloud,
    testing::Values(
        Case{"SaysNothing", {}, ""},
        Case{"Laptop",
             {.sys_vendor = "LENOVO",
              .product_name = "20XW",
              .product_uuid = "4c4c4544-0042-3510-8051-b7c04f4e3132",
              .board_asset_tag = "Not Available"},
             ""},
        Case{"Nitro",
             {.sys_vendor = "Amazon EC2",
              .product_name = "t3.micro",
              .product_uuid = "",  // root's alone
              .board_asset_tag = "i-0af01c0123456789a"},
             "EC2",
             true},
        Case{"AssetTagAlone", {.board_asset_tag = "i-0af01c0123456789a"}, "EC2", true},
        Case{"OldAssetTag", {.board_asset_tag = "i-0af01c01"}, "EC2", true},
        Case{"NoInstanceId", {.board_asset_tag = "i-0af01c0"}, ""},
        Case{"NoHexadecimals", {.board_asset_tag = "i-0af01c0123456789z"}, ""},
        Case{"XenHvm",
             {.sys_vendor = "Xen",
              .product_name = "HVM domU",
              .product_uuid = "ec2e1916-9099-7caf-fd21-012345abcdef",
              .bios_version = "4.11"},
             "EC2",
             true},
        Case{"XenLittleEndian",
             {.sys_vendor = "Xen", .product_uuid = "45E12AEC-DCD1-B213-94ED-012345ABCDEF"},
             "EC2",
             true},
        Case{"XenBios", {.sys_vendor = "Xen", .bios_version = "4.11.amazon"}, "EC2", true},
        Case{"XenParavirtual",
             {.hypervisor_uuid = "ec2e1916-9099-7caf-fd21-012345abcdef"},
             "EC2",
             true},
        Case{"XenElsewhere",
             {.sys_vendor = "Xen", .product_uuid = "61a3df9e-3b1e-4d5c-8d5b-012345abcdef"},
             ""},
        Case{"AUuidByChance",
             {.sys_vendor = "QEMU", .product_uuid = "EC2E1916-9099-7CAF-FD21-012345ABCDEF"},
             "EC2, perhaps"},
        Case{"Google", {.product_name = "Google Compute Engine"}, "Google Compute Engine"},
        Case{"Azure",
             {.sys_vendor = "Microsoft Corporation",
              .chassis_asset_tag = "7783-7084-3265-9085-8269-3286-77"},
             "Azure"},
        Case{"HyperVAtHome", {.sys_vendor = "Microsoft Corporation"}, ""},
        Case{"OpenStack", {.product_name = "OpenStack Nova"}, "OpenStack"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace imdsd::reach
