// SPDX-License-Identifier: MIT
// The metadata service: guards, tokens, tree. Pure apart from the clock and the snapshot it loads;
// handlers never block and run on event threads.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/http_message.h"
#include "base/snapshot_cell.h"
#include "imds/delivery_sink.h"
#include "imds/request_counters.h"
#include "imds/snapshot.h"
#include "imds/token.h"

namespace imdsd::imds {

struct FaultEffect;

/// Who is told of an instance's answers. `deliveries` may be null and outlives the instance.
struct InstanceObservers {
  std::shared_ptr<RequestCounters> counters = std::make_shared<RequestCounters>();
  DeliverySink* deliveries = nullptr;
};

/// One emulated instance as the metadata service sees it. Publish a new snapshot with
/// `snapshot.store()`. What each request needs is on the first two cache lines.
struct alignas(64) Instance {
  Instance(std::string instance_id, base::Random& random, InstanceObservers who = {});
  base::SnapshotCell<InstanceSnapshot> snapshot;
  const InstanceObservers observers;
  const TokenAuthority tokens;  // of this instance alone: another's tokens are refused
  const std::string id;
};

/// Answers /latest/… and every dated version. Thread-safe. No more than where the clock and the
/// instance are, which outlive it.
class Service {
 public:
  Service(const base::Clock& clock, const Instance& instance)
      : clock_(clock), instance_(instance) {}
  [[nodiscard]] base::HttpResponse handle(const base::HttpRequest& request) const;
  /// EC2's 403, for a request that is for no instance.
  [[nodiscard]] static base::HttpResponse refuse();

  static constexpr std::size_t kMaxBodyBytes = 4096;
  static constexpr const char* kServerHeader = "EC2ws";

 private:
  [[nodiscard]] base::HttpResponse handle_with_faults(const base::HttpRequest& request,
                                                      const InstanceSnapshot& snapshot) const;
  /// `effect`, if not null, strikes the answer. With a status in it: that one, without a look at
  /// the request.
  [[nodiscard]] base::HttpResponse answer_from(const base::HttpRequest& request,
                                               const InstanceSnapshot& snapshot,
                                               const FaultEffect* effect) const;

  const base::Clock& clock_;
  const Instance& instance_;
};

}  // namespace imdsd::imds
