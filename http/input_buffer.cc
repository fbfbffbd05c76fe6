// SPDX-License-Identifier: MIT
#include "http/input_buffer.h"

#include <cerrno>
#include <sys/socket.h>

namespace imdsd::http {

InputBuffer::Fill InputBuffer::fill(int fd, std::span<char> scratch, bool& drained) {
  park();
  ssize_t received = 0;
  do {
    received = ::recv(fd, scratch.data(), scratch.size(), MSG_DONTWAIT);
  } while (received < 0 && errno == EINTR);
  if (received == 0) return Fill::end;
  if (received < 0) {
    drained = true;
    return errno == EAGAIN || errno == EWOULDBLOCK ? Fill::blocked : Fill::error;
  }
  const std::string_view bytes(scratch.data(), static_cast<std::size_t>(received));
  drained = bytes.size() < scratch.size();
  if (kept_.empty()) {
    view_ = bytes;
  } else {
    kept_.append(bytes);
    view_ = kept_;
  }
  return Fill::data;
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
