// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "imds/instance_description.h"

namespace imdsd::imds {

/// dynamic/instance-identity/document
/// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html), of a
/// complete description.
[[nodiscard]] std::string identity_document(const InstanceDescription& description);

}  // namespace imdsd::imds
