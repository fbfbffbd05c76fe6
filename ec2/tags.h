// SPDX-License-Identifier: MIT
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/query_protocol.h"
#include "aws/service_error.h"
#include "ec2/instance.h"

namespace imdsd::ec2 {

/// Tag.N.Key and Tag.N.Value, checked: of a key that is there twice the last value counts.
[[nodiscard]] aws::Outcome<Tags> read_tags(const aws::QueryParameters& parameters);

/// TagLimitExceeded, and InvalidParameterValue for a key that the metadata cannot show where it is
/// to (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html).
[[nodiscard]] aws::Outcome<void> check_tags(const Tags& tags, bool in_metadata);

/// In place of the value of that key, or at the end.
void set_tag(Tags& tags, const std::string& key, const std::string& value);

}  // namespace imdsd::ec2
