// SPDX-License-Identifier: MIT
#include "http/exchange.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "base/log.h"

namespace imdsd::http {
namespace {

/// Read at once. What of it the peer does not take is read again: nothing is held for a slow one.
constexpr std::size_t kPieceBytes = 256UL * 1024;
/// Sent before others have their turn.
constexpr std::size_t kTurnBytes = 4UL << 20;

std::size_t body_sent(const Answer& answer) {
  return answer.sent - std::min(answer.sent, answer.head.size());
}

/// Sends what is left of the head, and then `piece`.
SendTurn send_piece(Channel& channel, Answer& answer, std::string_view piece) {
  const std::size_t end = answer.head.size() + body_sent(answer) + piece.size();
  while (answer.sent < end) {
    const std::size_t head_sent = std::min(answer.sent, answer.head.size());
    const std::size_t left = std::min(piece.size(), end - answer.sent);
    const Transfer sent = channel.send(std::string_view(answer.head).substr(head_sent),
                                       piece.substr(piece.size() - left));
    switch (sent.state) {
      case Transfer::State::done:
        answer.sent += sent.bytes;
        break;
      case Transfer::State::wants_read:
      case Transfer::State::wants_write:
        return SendTurn::blocked;
      default:
        return SendTurn::failed;
    }
  }
  return SendTurn::done;
}

}  // namespace

SendTurn send_from_source(Channel& channel, Answer& answer) {
  const auto buffer = std::make_unique_for_overwrite<char[]>(kPieceBytes);
  const std::size_t begin = answer.sent;
  while (answer.sent < answer.size()) {
    if (answer.sent - begin >= kTurnBytes) return SendTurn::over;
    const std::size_t offset = body_sent(answer);
    const std::span<char> piece(buffer.get(), std::min(kPieceBytes, answer.body_size - offset));
    const auto read = answer.response.source->read(offset, piece);
    if (!read) {
      base::log_error("an answer could not be read to its end", {{"error", read.error().message}});
      return SendTurn::failed;
    }
    const SendTurn turn = send_piece(channel, answer, {piece.data(), piece.size()});
    if (turn != SendTurn::done) return turn;
  }
  return SendTurn::done;
}

}  // namespace imdsd::http
