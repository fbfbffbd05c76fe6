// SPDX-License-Identifier: MIT
#include "daemon/mock_audience.h"

#include <utility>

#include "imds/error_page.h"
#include "imds/path.h"
#include "imds/request_counters.h"
#include "imds/service.h"

namespace imdsd::daemon {
namespace {

bool asks_for_event(const base::HttpRequest& request) {
  using imds::PathFamily;
  std::string storage;
  auto path = imds::canonical_path(request.path(), storage).value_or(std::string_view());
  [[maybe_unused]] const auto version = imds::take_segment(path);
  const auto family = imds::path_family(path);
  return family == PathFamily::spot || family == PathFamily::events ||
         family == PathFamily::autoscaling;
}

}  // namespace

base::HttpResponse MockAudience::pass(const base::HttpRequest& request, base::HttpResponse answer) {
  if (answer.status != 200 || !asks_for_event(request) || admits(request.peer)) return answer;
  base::HttpResponse missing;
  missing.status = 404;
  missing.headers.add("Content-Type", "text/html");
  missing.headers.add("Server", imds::Service::kServerHeader);
  missing.body = imds::error_page(404);
  return missing;
}

bool MockAudience::admits(const base::HttpPeer& peer) {
  const std::string address = peer.address ? peer.address->ip.to_string() : "";
  const std::lock_guard lock(mutex_);
  if (admitted_.contains(address)) return true;
  if (admitted_.size() >= most_) return false;
  admitted_.insert(address);
  return true;
}

}  // namespace imdsd::daemon
