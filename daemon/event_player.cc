// SPDX-License-Identifier: MIT
#include "daemon/event_player.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace imdsd::daemon {
namespace {

// Without anything to do: the thread is woken when there is.
constexpr std::chrono::hours kLongestSleep{1};
constexpr std::size_t kMaxProblems = 20;

}  // namespace

std::optional<base::SteadyTime> EventPlayer::Run::due() const {
  if (next >= scenario.steps.size()) return std::nullopt;
  return begin + scenario.steps[next].at;
}

base::SystemTime EventPlayer::wall_time(base::SteadyTime time) const {
  return clock_.now() + (time - clock_.monotonic());
}

void EventPlayer::play(const std::string& instance_id, Scenario scenario) {
  {
    const std::lock_guard lock(mutex_);
    Queue& queue = queues_[instance_id];
    queue.run = Run{std::move(scenario), clock_.monotonic(), clock_.now(), 0, {}};
    take_due_of(instance_id, queue);
  }
  clock_.wake();
}

bool EventPlayer::stop(const std::string& instance_id) {
  const std::lock_guard lock(mutex_);
  const auto found = queues_.find(instance_id);
  if (found == queues_.end() || !found->second.run) return false;
  const bool running = found->second.run->due().has_value();
  found->second.run.reset();
  return running;
}

base::Result<void> EventPlayer::later(const std::string& instance_id, imds::EventOrder order) {
  {
    const std::lock_guard lock(mutex_);
    auto& singles = queues_[instance_id].singles;
    if (singles.size() >= kMaxPending) {
      return base::fail(base::Errc::too_large, std::to_string(kMaxPending) +
                                                   " events are pending already: clear them first");
    }
    const auto due = clock_.monotonic() + order.delay;
    singles.push_back({due, std::move(order)});
  }
  clock_.wake();
  return {};
}

void EventPlayer::cancel(const std::string& instance_id, std::optional<imds::EventKind> kind) {
  const std::lock_guard lock(mutex_);
  const auto found = queues_.find(instance_id);
  if (found == queues_.end()) return;
  if (!kind) {
    queues_.erase(found);
  } else {
    std::erase_if(found->second.singles,
                  [kind](const Single& single) { return single.order.kind() == kind; });
  }
}

EventPlayer::View EventPlayer::view(const std::string& instance_id) const {
  const std::lock_guard lock(mutex_);
  View view;
  const auto found = queues_.find(instance_id);
  if (found == queues_.end()) return view;
  const Queue& queue = found->second;
  if (queue.run) {
    const Run& run = *queue.run;
    view.scenario = Playing{run.scenario.name, run.started,  run.scenario.steps.size(),
                            run.next,          std::nullopt, run.problems};
    if (const auto due = run.due()) view.scenario->next = wall_time(*due);
  }
  for (const Single& single : queue.singles) {
    // INVARIANT: later() is for events; all of them have a kind.
    view.pending.push_back({wall_time(single.due), *single.order.kind()});
  }
  return view;
}

void EventPlayer::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::optional<base::SteadyTime> next;
    {
      const std::lock_guard lock(mutex_);
      next = take_due();
    }
    clock_.sleep_until(next.value_or(clock_.monotonic() + kLongestSleep), stop);
  }
}

/// When the next one is due.
std::optional<base::SteadyTime> EventPlayer::take_due() {
  std::optional<base::SteadyTime> next;
  const auto sooner = [&next](std::optional<base::SteadyTime> due) {
    if (due && (!next || *due < *next)) next = due;
  };
  for (auto& [id, queue] : queues_) {
    take_due_of(id, queue);
    if (queue.run) sooner(queue.run->due());
    for (const Single& single : queue.singles) sooner(single.due);
  }
  std::erase_if(queues_,
                [](const auto& each) { return !each.second.run && each.second.singles.empty(); });
  return next;
}

void EventPlayer::take_due_of(const std::string& instance_id, Queue& queue) {
  const auto now = clock_.monotonic();
  for (auto single = queue.singles.begin(); single != queue.singles.end();) {
    if (single->due > now) {
      ++single;
      continue;
    }
    if (const auto taken = take_(instance_id, LiveStep(single->order)); !taken) {
      base::log_warn("an event did not happen",
                     {{"instance", instance_id}, {"error", taken.error().message}});
    }
    single = queue.singles.erase(single);
  }
  if (!queue.run) return;
  while (const auto due = queue.run->due()) {
    if (*due > now) return;
    take_next(instance_id, *queue.run);
  }
}

void EventPlayer::take_next(const std::string& instance_id, Run& run) {
  const ScenarioStep& step = run.scenario.steps[run.next++];
  const auto taken = take_(instance_id, step.step);
  if (taken) return;
  const std::string problem = ConfigProblem{step.position, "", taken.error().message}.to_string();
  base::log_warn("a step of the scenario was not taken",
                 {{"instance", instance_id}, {"problem", problem}});
  if (run.problems.size() < kMaxProblems) run.problems.push_back(problem);
}

}  // namespace imdsd::daemon
