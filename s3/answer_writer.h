// SPDX-License-Identifier: MIT
// What the documents of answers have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/xml_writer.h"
#include "s3/object.h"

namespace imdsd::s3 {

inline constexpr std::string_view kNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/// "2015-08-30T12:36:00.000Z", rounded down to the second.
[[nodiscard]] std::string s3_time(base::SystemTime time);
/// The checksum's element and its ChecksumType, if there is one.
void add_checksum(base::XmlWriter& xml, const std::optional<Checksum>& checksum);

}  // namespace imdsd::s3
