// SPDX-License-Identifier: MIT
#include "http/body_reader.h"

#include <algorithm>
#include <utility>

#include "http/blocking_socket.h"

namespace imdsd::http {
namespace {

using base::Errc;
using base::fail;

constexpr std::size_t kReceiveBytes = 64 * 1024;

}  // namespace

BodyReader::BodyReader(const Options& options, BodyDecoder decoder, std::string received)
    : options_(options), decoder_(std::move(decoder)), buffer_(std::move(received)) {}

base::Result<std::size_t> BodyReader::read(std::span<char> out) {
  const std::lock_guard lock(mutex_);
  if (options_.channel == nullptr || failed_)
    return fail(Errc::unavailable, "the request's body is gone");
  while (!decoder_.done() && !out.empty()) {
    if (consumed_ == buffer_.size()) {
      if (auto received = receive(); !received) {
        failed_ = true;
        return tl::unexpected(std::move(received).error());
      }
    }
    const std::string_view unread = std::string_view(buffer_).substr(consumed_);
    auto piece = decoder_.next(unread, out.size());
    if (!piece) {
      failed_ = true;
      return tl::unexpected(std::move(piece).error());
    }
    consumed_ += piece->consumed;
    if (piece->data.empty()) continue;
    if (piece->data.size() > options_.max_bytes - delivered_) {
      failed_ = true;
      return fail(Errc::too_large, "the request's body is too large");
    }
    delivered_ += piece->data.size();
    std::copy(piece->data.begin(), piece->data.end(), out.begin());
    return piece->data.size();
  }
  return std::size_t{0};
}

base::Result<void> BodyReader::receive() {
  if (std::exchange(options_.expect_continue, false) && buffer_.empty() &&
      !send_all(*options_.channel, "HTTP/1.1 100 Continue\r\n\r\n", options_.timeout)) {
    return fail(Errc::unavailable, "the client went away");
  }
  buffer_.resize(kReceiveBytes);
  consumed_ = 0;
  const auto received = receive_some(*options_.channel, buffer_, options_.timeout);
  buffer_.resize(received ? *received : 0);
  if (!received) return tl::unexpected(received.error());
  if (*received == 0) return fail(Errc::unavailable, "the client closed in the middle of the body");
  return {};
}

bool BodyReader::detach(std::string& rest) {
  const std::lock_guard lock(mutex_);
  options_.channel = nullptr;
  rest.assign(buffer_, consumed_, std::string::npos);
  return decoder_.done() && !failed_;
}

}  // namespace imdsd::http
