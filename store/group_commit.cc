// SPDX-License-Identifier: MIT
#include "store/group_commit.h"

namespace imdsd::store {

using base::Result;

Result<void> GroupCommit::run(const Change& change) {
  Write mine{change, {}};
  std::vector<Write*> writes;
  {
    std::unique_lock lock(mutex_);
    waiting_.push_back(&mine);
    // Those whose change is done go on at once: whoever writes next does not hold them up.
    turn_.wait(lock, [&] { return mine.done || !writing_; });
    if (mine.done) return mine.result;
    writing_ = true;
    writes.swap(waiting_);
  }
  commit_all(writes);
  {
    const std::lock_guard lock(mutex_);
    for (Write* const write : writes) write->done = true;
    writing_ = false;
  }
  turn_.notify_all();
  return mine.result;
}

void GroupCommit::commit_all(const std::vector<Write*>& writes) {
  const auto together = commit(writes);
  for (Write* const write : writes) {
    // One that does not fit on the disk takes the others with it: each by itself then.
    write->result = together || writes.size() == 1 ? together : commit({write});
  }
}

Result<void> GroupCommit::commit(const std::vector<Write*>& writes) {
  IMDSD_TRY(SqlTransaction transaction, SqlTransaction::begin(statements_.connection()));
  if (writes.size() == 1) {
    if (!writes.front()->change(statements_)) return {};  // and what it did is rolled back
    return transaction.commit();
  }
  for (const Write* const write : writes) IMDSD_TRY_VOID(apply(write->change));
  return transaction.commit();
}

Result<void> GroupCommit::apply(const Change& change) {
  const auto run = [&](const char* sql) -> Result<void> {
    IMDSD_TRY(const Query query, statements_.get(sql));
    return query->run();
  };
  IMDSD_TRY_VOID(run("SAVEPOINT one_of_many"));
  if (!change(statements_)) IMDSD_TRY_VOID(run("ROLLBACK TO one_of_many"));
  return run("RELEASE one_of_many");
}

std::size_t GroupCommit::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace imdsd::store
