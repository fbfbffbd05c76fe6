// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "http/channel.h"

namespace imdsd::http {

/// What a connection has sent and nobody has consumed yet. Bytes are received into a scratch area
/// that the connections of one thread share; only what is left over when the connection goes back
/// to waiting is kept, so an idle connection has no buffer.
class InputBuffer {
 public:
  /// Receives once. `done`: view() has grown; `drained` tells that the socket is empty for now.
  [[nodiscard]] Transfer::State fill(Channel& channel, std::span<char> scratch, bool& drained);
  [[nodiscard]] std::string_view view() const noexcept { return view_; }
  void consume(std::size_t bytes) { view_.remove_prefix(bytes); }
  /// Moves what is left out of the scratch area. Call before the scratch area serves another
  /// connection.
  void park();
  /// Puts bytes in front of the rest.
  void put_back(std::string_view bytes);

 private:
  std::string kept_;
  std::string_view view_;  // into kept_, or into the scratch area
};

}  // namespace imdsd::http
