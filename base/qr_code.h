// SPDX-License-Identifier: MIT
// QR codes (ISO/IEC 18004), by libqrencode.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace imdsd::base {

/// A square of modules; true is dark.
struct QrCode {
  std::size_t width = 0;
  std::vector<bool> modules;  // width × width, by rows
};

/// Bytes as they are, with error correction level M. Errc::too_large for more than 2,331 bytes.
[[nodiscard]] Result<QrCode> make_qr_code(std::string_view text);

}  // namespace imdsd::base
