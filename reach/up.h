// SPDX-License-Identifier: MIT
// `imdsctl up` and `imdsctl down`: steps taken and taken back over a machine that is told and
// changed through Control.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "reach/machine.h"
#include "reach/record.h"
#include "reach/step.h"

namespace imdsd::reach {

/// The machine, and the record of what was made on it. One user at a time holds it.
class Control {
 public:
  virtual ~Control() = default;
  [[nodiscard]] virtual Machine look() = 0;
  [[nodiscard]] virtual base::Result<void> execute(const Command& command) = 0;
  /// An empty one when there is none, or when it is of an earlier boot of the machine.
  [[nodiscard]] virtual base::Result<Record> load() = 0;
  /// After it returned, the record survives whatever ends this process. One without steps is
  /// removed.
  [[nodiscard]] virtual base::Result<void> save(const Record& record) = 0;
  /// Somebody has asked us to stop (SIGINT, SIGTERM, SIGHUP).
  [[nodiscard]] virtual bool interrupted() = 0;
};

struct Action {
  enum class What {
    run,   // is done now
    keep,  // is in place
    undo,  // is taken back now
    gone   // was taken back by somebody else
  } what = What::run;
  Command command;
};
/// Told before each command.
using Tell = std::function<void(const Action&)>;

/// Makes the machine have exactly `wanted` of what `up` makes: steps of an earlier one that are not
/// in it are taken back, those in place are kept. On a failure or an interruption, what this call
/// did is taken back.
[[nodiscard]] base::Result<void> bring_up(Control& control, const std::vector<Step>& wanted,
                                          const Tell& tell);

/// Takes back all that the record has, last step first. What fails stays in the record.
[[nodiscard]] base::Result<void> take_down(Control& control, const Tell& tell);

}  // namespace imdsd::reach
