// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/service_error.h"
#include "base/result.h"
#include "ec2/instance.h"

namespace imdsd::ec2 {

/// Whose instances these are, and where: one account, one region.
struct Place {
  std::string account, region;
};

/// What EC2's API needs of instances; whoever has them supplies it. Thread-safe.
class InstanceControl {
 public:
  virtual ~InstanceControl() = default;

  [[nodiscard]] virtual Place place() const = 0;
  /// Of all instances, sorted; terminated ones are among them for a while.
  [[nodiscard]] virtual std::vector<std::string> ids() const = 0;
  [[nodiscard]] virtual std::optional<Instance> find(std::string_view id) const = 0;
  /// Those of instances that are not terminated, by the instance's id.
  [[nodiscard]] virtual std::vector<Association> associations() const = 0;

  /// Runs `change` on these instances as they are now; no other change comes in between. What it
  /// made of their settings is durable and in effect when this returns without an error; with
  /// false from `change`, nothing is changed. An instance that is not there is left out of the
  /// list. Errc::unavailable when the disk does not take it: nothing has changed then.
  using Change = std::function<bool(std::vector<Instance>&)>;
  [[nodiscard]] virtual base::Result<void> change(const std::vector<std::string>& ids,
                                                  const Change& change) = 0;

  /// New instances, running and durable when this returns; those of an earlier call where the
  /// order's client token was seen before. An error of EC2 for what cannot be.
  [[nodiscard]] virtual aws::Outcome<std::vector<Instance>> run(const RunOrder& order) = 0;
};

}  // namespace imdsd::ec2
