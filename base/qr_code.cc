// SPDX-License-Identifier: MIT
#include "base/qr_code.h"

#include <memory>
#include <qrencode.h>

namespace imdsd::base {

Result<QrCode> make_qr_code(std::string_view text) {
  constexpr int kSmallestThatFits = 0;
  const std::unique_ptr<QRcode, void (*)(QRcode*)> encoded(
      QRcode_encodeData(static_cast<int>(text.size()),
                        reinterpret_cast<const unsigned char*>(text.data()), kSmallestThatFits,
                        QR_ECLEVEL_M),
      QRcode_free);
  if (encoded == nullptr) return fail(Errc::too_large, "qr code: the text does not fit");
  QrCode code;
  code.width = static_cast<std::size_t>(encoded->width);
  code.modules.reserve(code.width * code.width);
  for (std::size_t i = 0; i < code.width * code.width; ++i) {
    code.modules.push_back((encoded->data[i] & 1) != 0);
  }
  return code;
}

}  // namespace imdsd::base
