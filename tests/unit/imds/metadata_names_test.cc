// SPDX-License-Identifier: MIT
#include "imds/metadata_names.h"

#include <gtest/gtest.h>

#include "imds/events.h"
#include "imds/identity_signer.h"
#include "tests/unit/imds/sample_instance.h"

namespace imdsd::imds {
namespace {

std::string message_of(std::string_view pattern) {
  const auto unknown = find_unknown_name(pattern);
  return unknown ? unknown->message : "known";
}

TEST(MetadataNames, KnowEveryRow) {
  InstanceDescription d = sample();
  d.interfaces.resize(1);
  d.interfaces[0].public_ipv4s = {"203.0.113.10"};
  d.interfaces[0].ipv6s = {"2001:db8::1"};
  d.interfaces[0].ipv4_prefixes = {"10.0.1.0/28"};
  d.interfaces[0].ipv6_prefixes = {"2001:db8:1::/80"};
  d.ancestor_ami_ids = d.product_codes = d.billing_products = {"x"};
  d.kernel_id = d.ramdisk_id = d.group_name = d.host_id = d.partition_number = "x";
  d.hibernation_configured = d.target_lifecycle_state = "x";
  d.public_keys = {{"k", "ssh-ed25519 AAAA k"}};
  d.tags = {{"Name", "web"}};
  d.instance_metadata_tags = true;
  auto rows = metadata_rows(complete(d));
  add_signature_rows(nullptr, "", rows);
  ASSERT_GT(rows.size(), 70U);
  for (const auto& row : rows) EXPECT_EQ(message_of(row.path), "known") << row.path;
  for (const auto path : {kSpotActionPath, kSpotTimePath, kRebalancePath, kScheduledPath,
                          kHistoryPath, kLifecycleStatePath, kInstanceActionPath}) {
    EXPECT_EQ(message_of("meta-data/" + std::string(path)), "known") << path;
  }
}

TEST(MetadataNames, TellTheFirstThatIsWrong) {
  EXPECT_EQ(message_of("meta-data/placment/region"),
            "EC2 has no `meta-data/placment`, did you mean `placement`?");
  EXPECT_EQ(find_unknown_name("meta-data/placment/region")->path, "meta-data/placment");
  EXPECT_EQ(message_of("meta-data/iam/security-credential/*"),
            "EC2 has no `meta-data/iam/security-credential`, did you mean "
            "`security-credentials`?");
  EXPECT_EQ(message_of("dynamic/instance-identity/documnet"),
            "EC2 has no `dynamic/instance-identity/documnet`, did you mean `document`?");
  EXPECT_EQ(message_of("meta-data/something-else"), "EC2 has no `meta-data/something-else`");
  EXPECT_EQ(message_of("meta-data/mac/x"), "EC2 has nothing below `meta-data/mac`");
}

TEST(MetadataNames, LeaveOpenWhatAStarMayBe) {
  for (const char* pattern :
       {"meta-data/*", "meta-data/iam*", "meta-data/*/x/y", "*", "meta-data", "user-data",
        "api/token", "meta-data/iam", "meta-data/iam/security-credentials/any-role",
        "meta-data/network/interfaces/macs/02:00:00:00:00:01/mac", "meta-data/iam-ecs-0/info"}) {
    EXPECT_EQ(message_of(pattern), "known") << pattern;
  }
}

}  // namespace
}  // namespace imdsd::imds
