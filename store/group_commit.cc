// SPDX-License-Identifier: MIT
#include "store/group_commit.h"

namespace imdsd::store {

using base::Result;

Result<void> GroupCommit::run(const Change& change) {
  Write mine{change, {}};
  turns_.run(mine, [this](const std::vector<Write*>& writes) { commit_all(writes); });
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

}  // namespace imdsd::store
