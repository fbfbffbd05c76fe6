// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "imds/metadata_tree.h"

namespace imdsd::imds {

/// What is known about an instance. Only `id`, `type`, `availability_zone` and `account_id` must be
/// set; what is left empty follows from the rest or from the id, and so is the same at each start.
struct InstanceDescription {
  std::string id;                 // "i-0a1b2c3d4e5f60718"
  std::string type;               // "t3.micro"
  std::string availability_zone;  // "us-east-1a"
  std::string account_id;
  base::SystemTime launch_time = {};

  std::string availability_zone_id = {};  // "use1-az1"
  std::string region = {};
  std::string partition = {};
  std::string architecture = {};  // x86_64, or arm64 by the instance type
  std::string ami_id = {};
  std::string local_ipv4 = {};  // in 172.31.0.0/16, the default VPC
  std::string mac = {};
  std::string hostname = {};  // "ip-172-31-4-5.ec2.internal"

  std::string public_ipv4 = {};               // empty: no public address, and no rows for it
  std::string public_hostname = {};           // follows from public_ipv4
  std::optional<std::string> user_data = {};  // raw bytes
};

/// The same instance with everything derivable filled in.
[[nodiscard]] InstanceDescription complete(InstanceDescription description);

/// dynamic/instance-identity/document
/// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html), of a
/// complete description.
[[nodiscard]] std::string identity_document(const InstanceDescription& description);

/// Every row of a complete description, those of its role included.
[[nodiscard]] std::vector<MetadataRow> metadata_rows(const InstanceDescription& description);

/// complete(), metadata_rows() and MetadataTree::build() in one.
[[nodiscard]] base::Result<std::shared_ptr<const MetadataTree>> build_metadata_tree(
    InstanceDescription description, base::SystemTime now);

}  // namespace imdsd::imds
