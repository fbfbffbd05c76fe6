// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "base/http_message.h"
#include "http/body_decoder.h"
#include "http/channel.h"

namespace imdsd::http {

/// A body read from its socket as the handler asks for it; blocks the handler's thread, each time
/// at most `timeout`. Sends `100 Continue` at the first read if the client waits for it: a handler
/// that answers without reading never asks for the body.
class BodyReader final : public base::HttpBodyReader {
 public:
  struct Options {
    Channel* channel = nullptr;
    std::size_t max_bytes = 0;
    std::chrono::milliseconds timeout{};
    bool expect_continue = false;
  };
  /// `received`: what the connection has read behind the head.
  BodyReader(const Options& options, BodyDecoder decoder, std::string received);

  [[nodiscard]] base::Result<std::size_t> read(std::span<char> out) override;

  /// The handler has returned: reads fail from now on, whoever still holds this. Returns true when
  /// the body was read to its end; `rest` gets what the client sent behind it.
  [[nodiscard]] bool detach(std::string& rest);

 private:
  [[nodiscard]] base::Result<void> receive();

  std::mutex mutex_;
  Options options_;
  BodyDecoder decoder_;
  std::string buffer_;
  std::size_t consumed_ = 0;  // of buffer_
  std::size_t delivered_ = 0;
  bool failed_ = false;
};

}  // namespace imdsd::http
