// SPDX-License-Identifier: MIT
// What EC2's API has said about instances, beside what the configuration says.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/snapshot_cell.h"
#include "daemon/config.h"
#include "daemon/state_dir.h"
#include "ec2/instance.h"
#include "ec2/instance_control.h"

namespace imdsd::daemon {

/// Of an instance that the configuration declares, RunInstances having made one of its id before or
/// not. With each change stands what the configuration
/// said at that time: as soon as it says something else, that is the later word, and counts.
struct InstanceChange {
  struct Profile {
    std::string now, association_id;  // both empty: it has none
    std::string over;
    friend bool operator==(const Profile&, const Profile&) = default;
  };
  struct Options {
    ec2::MetadataOptions now, over;
    friend bool operator==(const Options&, const Options&) = default;
  };
  struct Tags {
    ec2::Tags now, over;
    friend bool operator==(const Tags&, const Tags&) = default;
  };
  std::optional<Profile> profile;
  std::optional<Options> options;
  std::optional<Tags> tags;

  [[nodiscard]] bool empty() const { return !profile && !options && !tags; }
  friend bool operator==(const InstanceChange&, const InstanceChange&) = default;
};

/// One that RunInstances made. It is served as long as the configuration declares none of its id.
struct RunInstance {
  std::string id, reservation_id, account, region;
  std::string type, zone, image_id, launch_index;
  base::SystemTime launched;
  std::string subnet_id, private_ip, placement_group;  // empty: what follows from the rest
  std::vector<std::string> group_names, group_ids;     // the same
  std::string key_name, openssh_key;                   // empty: none
  std::optional<std::string> user_data;                // raw bytes
  bool monitoring = false, termination_protected = false;
  std::string client_token, digest;  // of the order that it comes from
  std::string profile, association_id;
  ec2::MetadataOptions options;
  ec2::Tags tags;
  bool stopped = false;
  std::optional<base::SystemTime> terminated;
  friend bool operator==(const RunInstance&, const RunInstance&) = default;
};

/// By instance id. Value type.
struct InstanceLedger {
  std::map<std::string, InstanceChange, std::less<>> changed;
  std::map<std::string, RunInstance, std::less<>> run;
  friend bool operator==(const InstanceLedger&, const InstanceLedger&) = default;

  /// JSON, as the state directory has it. parse() takes nothing else: Errc::corrupt.
  [[nodiscard]] std::string print() const;
  [[nodiscard]] static base::Result<InstanceLedger> parse(std::string_view text);
};

/// instances.json in the state directory. store() is for one thread at a time, load() for any.
class InstanceLedgerFile {
 public:
  /// `state` outlives it.
  explicit InstanceLedgerFile(const StateDir& state);

  /// Once, at start. Errc::corrupt for a file that does not read back; it is left as it is.
  [[nodiscard]] base::Result<void> read();
  [[nodiscard]] std::shared_ptr<const InstanceLedger> load() const { return ledger_.load(); }
  /// Durable when it returns. Errc::unavailable when the disk does not take it: all is as it was.
  [[nodiscard]] base::Result<void> store(InstanceLedger ledger);
  /// The same, but it counts from now on even then, and goes to the disk with the next change: of
  /// what the configuration overrules, which it would again at the next start.
  [[nodiscard]] base::Result<void> settle(InstanceLedger ledger);

 private:
  const StateDir& state_;
  base::SnapshotCell<InstanceLedger> ledger_;
};

/// What the daemon serves for it, like any other instance.
[[nodiscard]] InstanceConfig config_of(const RunInstance& instance,
                                       const imds::MetadataOptions& defaults);

[[nodiscard]] ec2::MetadataOptions options_of(const imds::MetadataOptions& options);
/// Those, in place of what `config` says.
void set_options(const ec2::MetadataOptions& options, InstanceConfig& config);

/// Takes up what the ledger says: changes of `config.instances`, and further ones at their end. The
/// ledger without what no longer counts, to be stored when the configuration has been taken up.
[[nodiscard]] InstanceLedger take_up(const InstanceLedger& ledger, Config& config);

}  // namespace imdsd::daemon
