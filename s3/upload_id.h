// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/clock.h"
#include "base/random.h"

namespace imdsd::s3 {

/// Of letters and digits, 80 characters. Ids sort by the time they were made at: lists of the
/// uploads of one key are in that order.
[[nodiscard]] std::string make_upload_id(base::SystemTime now, base::Random& random);

}  // namespace imdsd::s3
