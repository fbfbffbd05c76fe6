// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace imdsd::imds {

/// The Expiration of a document in EC2's layout (ec2_json.h), or of one on a single line, as
/// containers get it; none: it has no such member.
[[nodiscard]] std::optional<base::SystemTime> document_expiration(std::string_view document);

/// The same document with its LastUpdated and Expiration moved by `offset`. What is no such
/// document stays as it is.
[[nodiscard]] std::string shift_document_times(std::string document, std::chrono::seconds offset);

}  // namespace imdsd::imds
