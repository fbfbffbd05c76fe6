// SPDX-License-Identifier: MIT
#include "reach/up.h"

#include <algorithm>
#include <optional>

namespace imdsd::reach {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using What = Action::What;

bool contains(const std::vector<Step>& steps, const Step& step) {
  return std::count(steps.begin(), steps.end(), step) != 0;
}

class Work {
 public:
  Work(Control& control, const Tell& tell, Record record)
      : control_(control), tell_(tell), record_(std::move(record)), machine_(control.look()) {}

  /// Takes back, from the last, the steps that `unwanted` says, and keeps those that cannot be.
  Result<void> undo(const std::function<bool(const Step&)>& unwanted) {
    std::optional<base::Error> first;
    for (auto i = record_.steps.size(); i-- > 0;) {
      const Step step = record_.steps[i];
      if (!unwanted(step)) continue;
      if (const auto done = undo_step(step); !done) {
        if (!first) first = done.error();
        continue;
      }
      record_.steps.erase(record_.steps.begin() + static_cast<std::ptrdiff_t>(i));
      if (const auto saved = control_.save(record_); !saved && !first) first = saved.error();
    }
    machine_ = control_.look();
    if (first) return tl::unexpected<base::Error>(*first);
    return {};
  }

  Result<void> take(const Step& step) {
    const bool recorded = contains(record_.steps, step);
    const bool there = is_in_place(step, machine_);
    if (recorded && there) {
      tell_({What::keep, do_command(step)});
      return {};
    }
    if (!recorded) {
      record_.steps.push_back(step);
      if (auto saved = control_.save(record_); !saved) {
        record_.steps.pop_back();
        return saved;
      }
      made_.push_back(step);
    }
    // Something that bears our name, of a record that was lost. The table is replaced as a whole.
    if (there && step.kind == Step::Kind::iptables_chain) IMDSD_TRY_VOID(undo_step(step));
    if (there && step.kind != Step::Kind::iptables_chain && step.kind != Step::Kind::nft_table) {
      tell_({What::keep, do_command(step)});
      return {};
    }
    const auto command = do_command(step);
    tell_({What::run, command});
    return control_.execute(command);
  }

  /// The record in the order of `wanted`, so that down takes back in the opposite one.
  Result<void> settle(const std::vector<Step>& wanted) {
    if (record_.steps == wanted) return {};
    record_.steps = wanted;
    return control_.save(record_);
  }

  /// Takes back what this call has done.
  Result<void> roll_back() {
    machine_ = control_.look();
    return undo([&](const Step& step) { return contains(made_, step); });
  }

 private:
  Result<void> undo_step(const Step& step) {
    const auto command = undo_command(step);
    if (!command) return {};
    const bool there = is_in_place(step, machine_);
    tell_({there ? What::undo : What::gone, *command});
    if (!there) return {};
    return control_.execute(*command);
  }

  Control& control_;
  const Tell& tell_;
  Record record_;
  Machine machine_;
  std::vector<Step> made_;
};

base::Error rolled_back(Work& work, base::Error error) {
  if (const auto back = work.roll_back(); !back) {
    error.message +=
        "; and this could not be taken back: " + back.error().message + "; try `imdsctl down`";
  } else {
    error.message += "; what was done has been taken back";
  }
  return error;
}

}  // namespace

Result<void> bring_up(Control& control, const std::vector<Step>& wanted, const Tell& tell) {
  IMDSD_TRY(auto record, control.load());
  Work work(control, tell, std::move(record));
  IMDSD_TRY_VOID(work.undo([&](const Step& step) { return !contains(wanted, step); }));
  for (const auto& step : wanted) {
    auto taken = work.take(step);
    if (taken && control.interrupted()) taken = fail(Errc::unavailable, "interrupted");
    if (!taken) return tl::unexpected<base::Error>(rolled_back(work, taken.error()));
  }
  return work.settle(wanted);
}

Result<void> take_down(Control& control, const Tell& tell) {
  IMDSD_TRY(auto record, control.load());
  Work work(control, tell, std::move(record));
  return work.undo([](const Step&) { return true; });
}

}  // namespace imdsd::reach
