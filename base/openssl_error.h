// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace imdsd::base {

/// The reason of the oldest error in OpenSSL's queue of this thread ("no start line"), and empties
/// the queue: what is left there would be taken for the next call's. Only for base/.
[[nodiscard]] std::string openssl_error();

}  // namespace imdsd::base
