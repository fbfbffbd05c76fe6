// SPDX-License-Identifier: MIT
#include "imds/identity_document.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/imds/sample_instance.h"

namespace imdsd::imds {
namespace {

InstanceDescription plain() {
  InstanceDescription d = sample();
  d.ami_id = "ami-0123456789abcdef0";
  d.interfaces = {{.local_ipv4s = {"172.31.4.5"}}};
  return d;
}

TEST(IdentityDocument, HasTheLayoutOfEc2) {
  EXPECT_EQ(identity_document(complete(plain())),
            "{\n"
            "  \"accountId\" : \"123456789012\",\n"
            "  \"architecture\" : \"x86_64\",\n"
            "  \"availabilityZone\" : \"us-east-1a\",\n"
            "  \"billingProducts\" : null,\n"
            "  \"devpayProductCodes\" : null,\n"
            "  \"marketplaceProductCodes\" : null,\n"
            "  \"imageId\" : \"ami-0123456789abcdef0\",\n"
            "  \"instanceId\" : \"i-0a1b2c3d4e5f60718\",\n"
            "  \"instanceType\" : \"t3.micro\",\n"
            "  \"kernelId\" : null,\n"
            "  \"pendingTime\" : \"2026-01-01T00:00:00Z\",\n"
            "  \"privateIp\" : \"172.31.4.5\",\n"
            "  \"ramdiskId\" : null,\n"
            "  \"region\" : \"us-east-1\",\n"
            "  \"version\" : \"2017-09-30\"\n"
            "}");
}

TEST(IdentityDocument, ShowsWhatIsSet) {
  InstanceDescription d = plain();
  d.product_codes = {"abc", "def"};
  d.billing_products = {"bp-6fa54006"};
  d.kernel_id = "aki-12345678";
  d.ramdisk_id = "ari-12345678";
  const std::string document = identity_document(complete(d));
  for (const std::string_view line :
       {"  \"billingProducts\" : [ \"bp-6fa54006\" ],\n",
        "  \"marketplaceProductCodes\" : [ \"abc\", \"def\" ],\n",
        "  \"kernelId\" : \"aki-12345678\",\n", "  \"ramdiskId\" : \"ari-12345678\",\n"}) {
    EXPECT_NE(document.find(line), std::string::npos) << line << document;
  }
}

TEST(IdentityDocument, HasAnIpv6AddressWhereThereIsNoOther) {
  InstanceDescription d = plain();
  d.interfaces = {{.ipv6_only = true, .ipv6s = {"2001:db8::1", "2001:db8::2"}}};
  EXPECT_NE(identity_document(complete(d)).find("\"privateIp\" : \"2001:db8::1\""),
            std::string::npos);
}

}  // namespace
}  // namespace imdsd::imds
