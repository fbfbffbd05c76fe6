// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/shared_turns.h"
#include "base/snapshot_cell.h"
#include "iam/directory.h"
#include "iam/store.h"
#include "iam/transaction.h"
#include "iam/usage_tracker.h"

namespace imdsd::iam {

/// The directory as it is now, and the one way to change it. Thread-safe: readers take the snapshot
/// and never wait for a writer, who may be waiting for the disk. Writers take turns; those who came
/// while the disk was busy go to it together, as one commit.
class DirectoryService {
 public:
  /// Called with each new snapshot, in order, before the write that made it returns.
  using Observer = std::function<void(const std::shared_ptr<const Directory>&)>;

  /// `store`, `clock` and `random` outlive it. `initial`: what the store has.
  DirectoryService(Store& store, const base::Clock& clock, base::Random& random,
                   std::shared_ptr<const Directory> initial);

  [[nodiscard]] std::shared_ptr<const Directory> snapshot() const { return published_.load(); }

  /// Runs `change` on the newest directory, perhaps on the thread of another writer. When it
  /// returns true its changes are made durable, and published then; otherwise nothing happens. The
  /// store's error: nothing happened either.
  [[nodiscard]] base::Result<void> write(const std::function<bool(Transaction&)>& change);

  /// How many writers wait for the disk, to go to it together.
  [[nodiscard]] std::size_t waiting() const { return turns_.waiting(); }

  /// Hands on to the store what `tracker` has that is not yet written.
  [[nodiscard]] base::Result<void> write_usage(UsageTracker& tracker);

  /// Set before others use this.
  void set_observer(Observer observer) { observer_ = std::move(observer); }

 private:
  struct Write {
    const std::function<bool(Transaction&)>& change;
    base::Result<void> result;
    bool done = false;
  };
  [[nodiscard]] base::Result<void> commit_together(const std::vector<Write*>& writes);

  Store& store_;
  const base::Clock& clock_;
  base::Random& random_;
  Observer observer_;
  base::SharedTurns<Write> turns_;  // at the store
  base::SnapshotCell<Directory> published_;
};

/// The directory of these entities. Errc::corrupt when they contradict each other: two of one name,
/// id or access key, a membership of a group that is not there.
[[nodiscard]] base::Result<std::shared_ptr<const Directory>> make_directory(
    const std::vector<AnyEntity>& entities);

}  // namespace imdsd::iam
