// SPDX-License-Identifier: MIT
#include "http/exchange.h"

#include "http/blocking_socket.h"

namespace imdsd::http {

bool send_produced(Channel& channel, Answer& answer, std::chrono::milliseconds timeout) {
  // Held back by the kernel until the first piece: small answers go out as one packet.
  const bool body_follows = answer.body_size > 0;
  if (!send_all(channel, answer.head, timeout, body_follows)) return false;
  std::size_t left = answer.body_size;
  const auto& response = answer.response;
  const bool sized = response.content_length.has_value();
  const bool truncated = response.orders.truncate_after.has_value();
  const base::HttpBodySink sink = [&](std::string_view piece) {
    const std::string_view part = piece.substr(0, left);
    left -= part.size();
    // More than was promised is the producer's bug; the client must not take it for the next
    // answer.
    return send_all(channel, part, timeout) && part.size() == piece.size();
  };
  const bool produced = body_follows ? response.producer(sink) : true;
  if (truncated) return left == 0 || produced;
  return produced && (!sized || left == 0);
}

}  // namespace imdsd::http
