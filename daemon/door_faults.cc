// SPDX-License-Identifier: MIT
#include "daemon/door_faults.h"

#include <string_view>

#include "base/log.h"
#include "containers/answers.h"
#include "imds/fault_effect.h"

namespace imdsd::daemon {
namespace {

using base::HttpRequest;
using base::HttpResponse;

/// As the agents answer errors.
HttpResponse status_alone(int status) {
  constexpr int kFirstError = 400;
  if (status >= kFirstError) return containers::text_error(status, base::reason_phrase(status));
  HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  return response;
}

HttpResponse struck(const imds::FaultEffect& effect, const HttpRequest& request,
                    const std::function<HttpResponse(const HttpRequest&)>& answer) {
  if (effect.reset || effect.hang) return {};
  if (effect.status) return status_alone(*effect.status);
  if (!effect.body || request.method != "GET") return answer(request);
  HttpRequest head = request;
  head.method = "HEAD";
  return answer(head);
}

}  // namespace

HttpResponse answer_with_faults(const DoorFaults& faults, const HttpRequest& request,
                                const base::Clock& clock,
                                const std::function<HttpResponse(const HttpRequest&)>& answer) {
  std::string_view path = request.path();
  if (path.starts_with('/')) path.remove_prefix(1);
  const auto verdict = faults.rules.consult(faults.door, path, request, clock.monotonic());
  HttpResponse response;
  if (verdict.decisive == nullptr) {
    response = answer(request);
  } else {
    const imds::FaultEffect& effect = verdict.decisive->rule().effect;
    base::log_debug("request of a container struck",
                    {{"fault", verdict.decisive->id()}, {"path", path}});
    response = struck(effect, request, answer);
    imds::spoil(response, effect, clock.now());
  }
  if (verdict.decisive != nullptr || verdict.delay.count() > 0) faults.counters.count_struck();
  response.orders.delay = verdict.delay;
  return response;
}

}  // namespace imdsd::daemon
