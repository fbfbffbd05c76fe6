// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "base/result.h"
#include "base/shared_turns.h"
#include "store/statements.h"

namespace imdsd::store {

/// Changes of many threads on one connection. They take turns; those that come while the disk is
/// busy go to it together, as one transaction with one sync. Thread-safe, and nobody else may write
/// by that connection.
class GroupCommit {
 public:
  /// `statements` outlives it.
  explicit GroupCommit(Statements& statements) : statements_(statements) {}

  /// False: nothing of it is to be kept.
  using Change = std::function<bool(Statements&)>;
  /// Runs `change`, perhaps on the thread of another, and perhaps once more when those that it went
  /// with could not be committed. Durable when it returns; after an error nothing has changed.
  [[nodiscard]] base::Result<void> run(const Change& change);

  /// How many wait for the disk, to go to it together.
  [[nodiscard]] std::size_t waiting() const { return turns_.waiting(); }

 private:
  struct Write {
    const Change& change;
    base::Result<void> result;
    bool done = false;
  };
  void commit_all(const std::vector<Write*>& writes);
  [[nodiscard]] base::Result<void> commit(const std::vector<Write*>& writes);
  [[nodiscard]] base::Result<void> apply(const Change& change);

  Statements& statements_;  // of the one whose turn it is
  base::SharedTurns<Write> turns_;
};

}  // namespace imdsd::store
