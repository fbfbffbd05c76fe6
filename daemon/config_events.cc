// SPDX-License-Identifier: MIT
#include "daemon/config_events.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "daemon/scenario.h"

namespace imdsd::daemon {
namespace {

/// For a rehearsal, whose new ids nobody sees.
class Zeros final : public base::Random {
 public:
  void fill(std::span<std::byte> out) override { std::fill(out.begin(), out.end(), std::byte{0}); }
};

}  // namespace

std::vector<imds::EventOrder> read_events(const ConfigSection& instance) {
  std::vector<imds::EventOrder> orders;
  imds::InstanceEvents rehearsed;
  Zeros random;
  for (const auto& table : instance.sections("event")) {
    if (table.table() == nullptr) continue;
    auto step = read_step(*table.table());
    if (!step) {
      table.add_problem_at(step.error().at, step.error().key, step.error().message);
      continue;
    }
    auto* const order = std::get_if<imds::EventOrder>(&*step);
    if (order == nullptr || std::holds_alternative<imds::ClearOrder>(order->what)) {
      table.add_problem("kind", "must be one of " + imds::event_kind_names());
    } else if (order->delay.count() > 0) {
      table.add_problem("in", "cannot be given here: a scenario has events happen later");
    } else if (const auto done = imds::carry_out(*order, rehearsed, {}, random); !done) {
      table.add_problem("", done.error().message);
    } else {
      orders.push_back(std::move(*order));
    }
  }
  return orders;
}

}  // namespace imdsd::daemon
