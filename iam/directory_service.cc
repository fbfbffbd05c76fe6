// SPDX-License-Identifier: MIT
#include "iam/directory_service.h"

#include <string>
#include <utility>

#include "base/log.h"

namespace imdsd::iam {
namespace {

base::Result<void> check_references(const Directory& directory) {
  std::string missing;
  directory.all<User>().visit_all([&](const std::shared_ptr<const User>& user) {
    for (const Membership& membership : user->groups) {
      if (!directory.find_by_id<Group>(membership.group_id)) missing = membership.group_id;
    }
    return missing.empty();
  });
  if (missing.empty()) return {};
  return base::fail(base::Errc::corrupt, "there is no group `" + missing + "`");
}

}  // namespace

DirectoryService::DirectoryService(Store& store, const base::Clock& clock, base::Random& random,
                                   std::shared_ptr<const Directory> initial)
    : store_(store), clock_(clock), random_(random), published_(std::move(initial)) {}

base::Result<void> DirectoryService::write(const std::function<bool(Transaction&)>& change) {
  Write mine{change, {}};
  turns_.run(mine, [this](const std::vector<Write*>& writes) {
    const auto committed = commit_together(writes);
    for (Write* const write : writes) write->result = committed;
  });
  return mine.result;
}

base::Result<void> DirectoryService::commit_together(const std::vector<Write*>& writes) {
  std::vector<Change> changes;
  auto newest = published_.load();
  for (const Write* const write : writes) {
    Transaction transaction(*newest, clock_.now(), random_);
    if (!write->change(transaction) || transaction.changes().empty()) continue;
    changes.insert(changes.end(), transaction.changes().begin(), transaction.changes().end());
    newest = std::make_shared<const Directory>(transaction.directory());
  }
  if (changes.empty()) return {};
  if (auto committed = store_.commit(changes); !committed) {
    base::log_error("the directory could not be written", {{"error", committed.error().message}});
    return committed;
  }
  published_.store(newest);
  if (observer_) observer_(newest);
  return {};
}

base::Result<void> DirectoryService::write_usage(UsageTracker& tracker) {
  return turns_.run_alone([&]() -> base::Result<void> {
    const auto usage = tracker.take_unwritten();
    if (usage.empty()) return {};
    return store_.commit_usage(usage);
  });
}

base::Result<std::shared_ptr<const Directory>> make_directory(
    const std::vector<AnyEntity>& entities) {
  IMDSD_TRY(auto made, Directory::of(entities));
  auto directory = std::make_shared<const Directory>(std::move(made));
  IMDSD_TRY_VOID(check_references(*directory));
  return directory;
}

}  // namespace imdsd::iam
