// SPDX-License-Identifier: MIT
#include "http/input_buffer.h"

namespace imdsd::http {

Transfer::State InputBuffer::fill(Channel& channel, std::span<char> scratch, bool& drained) {
  park();
  const Transfer received = channel.receive(scratch);
  if (received.state != Transfer::State::done) return received.state;
  const std::string_view bytes(scratch.data(), received.bytes);
  drained = channel.drained_by(bytes.size(), scratch.size());
  if (kept_.empty()) {
    view_ = bytes;
  } else {
    kept_.append(bytes);
    view_ = kept_;
  }
  return Transfer::State::done;
}

void InputBuffer::park() {
  if (view_.empty()) {
    if (kept_.capacity() != 0) std::string().swap(kept_);
    view_ = {};
    return;
  }
  const bool kept = view_.data() >= kept_.data() && view_.data() < kept_.data() + kept_.size();
  if (kept) {
    kept_.erase(0, static_cast<std::size_t>(view_.data() - kept_.data()));
  } else {
    kept_.assign(view_);
  }
  view_ = kept_;
}

void InputBuffer::put_back(std::string_view bytes) {
  park();
  kept_.insert(0, bytes);
  view_ = kept_;
}

}  // namespace imdsd::http
