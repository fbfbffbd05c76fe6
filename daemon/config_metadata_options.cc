// SPDX-License-Identifier: MIT
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html
#include "daemon/config_metadata_options.h"

#include "daemon/config_values.h"

namespace imdsd::daemon {
namespace {

constexpr Choice<imds::HttpTokens> kHttpTokens[] = {{"optional", imds::HttpTokens::optional},
                                                    {"required", imds::HttpTokens::required}};
constexpr Choice<bool> kEnabled[] = {{"enabled", true}, {"disabled", false}};

}  // namespace

void read_metadata_options(const ConfigSection& section, imds::MetadataOptions& out) {
  const auto enabled = [](const ConfigNode& node) { return one_of(node, kEnabled); };
  section.read("http_tokens", out.http_tokens,
               [](const ConfigNode& node) { return one_of(node, kHttpTokens); });
  section.read("http_endpoint", out.http_endpoint_enabled, enabled);
  section.read("hop_limit", out.hop_limit, [](const ConfigNode& node) -> base::Result<int> {
    IMDSD_TRY(const auto limit, integer_between(node, 1, 64));
    return static_cast<int>(limit);
  });
  section.read("instance_metadata_tags", out.instance_metadata_tags, enabled);
}

}  // namespace imdsd::daemon
