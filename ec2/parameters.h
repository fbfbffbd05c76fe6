// SPDX-License-Identifier: MIT
// Reading the parameters of EC2's actions: flat names with numbers in them, `Filter.1.Value.2`
// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/query_protocol.h"
#include "aws/service_error.h"
#include "ec2/instance.h"

namespace imdsd::ec2 {

/// UnknownParameter for the first that is none of `known` ("Filter.N.Value.N") nor common to all
/// actions: what is not obeyed is not taken either.
[[nodiscard]] aws::Outcome<void> check_names(std::span<const std::string_view> known,
                                             const aws::QueryParameters& parameters);

/// "HttpTokens" as errors print it: "httpTokens".
[[nodiscard]] std::string member_name(std::string_view parameter);

/// MissingParameter without it, or with an empty one.
[[nodiscard]] aws::Outcome<std::string> required_text(const aws::QueryParameters& parameters,
                                                      std::string_view name);
/// The following: InvalidParameterValue for what is none; nothing where it is not there.
[[nodiscard]] aws::Outcome<std::optional<bool>> optional_boolean(
    const aws::QueryParameters& parameters, std::string_view name);
[[nodiscard]] aws::Outcome<std::optional<std::int32_t>> optional_integer(
    const aws::QueryParameters& parameters, std::string_view name);
/// `yes` is true and `no` is false: "required" and "optional".
[[nodiscard]] aws::Outcome<std::optional<bool>> optional_choice(
    const aws::QueryParameters& parameters, std::string_view name, std::string_view yes,
    std::string_view no);

/// NAME.1, NAME.2 …
[[nodiscard]] std::vector<std::string> numbered_texts(const aws::QueryParameters& parameters,
                                                      std::string_view name);

/// `prefix` and 8 or 17 hexadecimal digits, as ids are.
[[nodiscard]] bool is_resource_id(std::string_view text, std::string_view prefix);

/// HttpTokens, HttpEndpoint, HttpPutResponseHopLimit and InstanceMetadataTags behind `prefix`.
/// UnsupportedOperation for HttpProtocolIpv6=enabled: which addresses serve is not an instance's
/// choice here.
[[nodiscard]] aws::Outcome<MetadataOptionsChange> read_metadata_options(
    const aws::QueryParameters& parameters, std::string_view prefix);

}  // namespace imdsd::ec2
