// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/http_message.h"
#include "http/answer.h"
#include "http/body_budget.h"
#include "http/body_decoder.h"
#include "http/body_reader.h"
#include "http/channel.h"

namespace imdsd::http {

/// One request on its way in and its answer on its way out. Belongs to the event thread, but to a
/// worker between the submission of a job and its completion.
struct Exchange {
  explicit Exchange(BodyBudget& budget) : body(BodyDecoder::counted(0)), reservation(budget) {}

  base::HttpRequest request;
  AnswerTerms terms;
  BodyDecoder body;
  std::size_t max_body_bytes = 0;
  BodyReservation reservation;
  std::shared_ptr<BodyReader> reader;  // of a streamed body
  std::string behind_body;             // what the reader received behind the body
  bool unread_body = false;            // the client may still send some of it
  Answer answer;

  /// The handler is done with it. Before the answer goes out: who has it may ask again at once, and
  /// who takes it slowly holds no memory that is scarce.
  void drop_body() {
    std::string().swap(request.body);
    reservation.give_back();
  }
};

/// How far an answer got in its turn.
enum class SendTurn {
  done,
  blocked,  // the peer takes no more for now
  over,     // it would take more, but others have their turn
  failed    // the connection must be broken off
};

/// Sends an answer that has a source as far as the peer takes it at once. Waits for the source
/// only.
[[nodiscard]] SendTurn send_from_source(Channel& channel, Answer& answer);

}  // namespace imdsd::http
