// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "daemon/config.h"
#include "daemon/fleet.h"
#include "daemon/instance_ledger.h"
#include "daemon/state_dir.h"
#include "ec2/instance_control.h"

namespace imdsd::daemon {

/// The fleet, as EC2's API describes and changes it: what it changes is kept in the state directory
/// (docs/ec2.md) and served to the next request. Thread-safe.
class FleetControl final : public ec2::InstanceControl {
 public:
  using Instances = std::vector<std::shared_ptr<const InstanceConfig>>;
  /// Where the fleet is. Both are thread-safe; `replace` returns when requests see the instances.
  struct Publisher {
    std::function<std::shared_ptr<const Fleet>()> fleet;
    std::function<void(const Instances&)> replace;
  };

  /// `state`, `clock` and `random` outlive it.
  FleetControl(const StateDir& state, const base::Clock& clock, base::Random& random,
               Publisher publisher);

  /// Once, at start. Errc::corrupt for a file that does not read back.
  [[nodiscard]] base::Result<void> read() { return ledger_.read(); }
  /// No change comes in between as long as it is held: for a reload, which changes all.
  [[nodiscard]] std::unique_lock<std::mutex> hold() { return std::unique_lock(changing_); }
  /// For who holds it: what the configuration's instances are beside what it says itself.
  [[nodiscard]] InstanceLedger take_up(Config& config) const {
    return daemon::take_up(*ledger_.load(), config);
  }
  /// For who holds it, with what take_up() gave when that configuration is served.
  void settle(InstanceLedger ledger);

  [[nodiscard]] ec2::Place place() const override;
  [[nodiscard]] std::vector<std::string> ids() const override;
  [[nodiscard]] std::optional<ec2::Instance> find(std::string_view id) const override;
  [[nodiscard]] std::vector<ec2::Association> associations() const override;
  [[nodiscard]] base::Result<void> change(const std::vector<std::string>& ids,
                                          const Change& change) override;
  [[nodiscard]] aws::Outcome<std::vector<ec2::Instance>> run(const ec2::RunOrder& order) override;

 private:
  [[nodiscard]] aws::Outcome<std::vector<ec2::Instance>> run_anew(const ec2::RunOrder& order);
  /// Makes the ledger durable without what is long over, then the fleet what it says.
  [[nodiscard]] base::Result<void> commit(InstanceLedger ledger, const Instances& instances);

  const base::Clock& clock_;
  base::Random& random_;
  const Publisher publisher_;
  std::mutex changing_;
  InstanceLedgerFile ledger_;
};

}  // namespace imdsd::daemon
