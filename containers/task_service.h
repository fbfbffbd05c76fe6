// SPDX-License-Identifier: MIT
// What the ECS agent answers to containers on 169.254.170.2: their credentials
// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html) and their task
// metadata, versions 2 to 4.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/http_message.h"
#include "base/secret.h"
#include "base/snapshot_cell.h"
#include "containers/credential_documents.h"
#include "containers/task_metadata.h"

namespace imdsd::containers {

/// One task as it is served. The metadata is rendered once.
struct ServedTask {
  ServedTask(TaskDescription task, std::string credential_id,
             std::shared_ptr<CredentialCell> credential_cell);

  TaskDescription description;
  std::string credentials_id;                   // empty: the task has no role
  std::shared_ptr<CredentialCell> credentials;  // null where it has none
  struct Documents {
    std::string task, task_with_tags;
    std::vector<std::string> containers;  // as in the description
  };
  Documents v3, v4;
};

/// All tasks; immutable, and loaded once a request.
class TaskTable {
 public:
  TaskTable(std::vector<std::shared_ptr<const ServedTask>> tasks, base::Secret authorization_token);

  struct Endpoint {
    const ServedTask* task = nullptr;
    std::size_t container = 0;
  };
  [[nodiscard]] const ServedTask* find_credentials(std::string_view id) const;
  [[nodiscard]] const Endpoint* find_endpoint(std::string_view id) const;
  /// Whom a request of this path is about, be it well made or not; null: of no task that there is.
  [[nodiscard]] const ServedTask* task_of(const base::HttpRequest& request) const;
  /// The one task that there is: version 2 tells tasks apart by their own addresses, which
  /// processes on one machine do not have. Null where there are more, or none.
  [[nodiscard]] const ServedTask* only_task() const;
  [[nodiscard]] const std::vector<std::shared_ptr<const ServedTask>>& tasks() const noexcept {
    return tasks_;
  }
  /// Empty: requests for credentials need none.
  [[nodiscard]] const base::Secret& authorization_token() const noexcept { return token_; }

 private:
  std::vector<std::shared_ptr<const ServedTask>> tasks_;
  base::Secret token_;
  std::map<std::string, const ServedTask*, std::less<>> by_credentials_;
  std::map<std::string, Endpoint, std::less<>> by_endpoint_;
};

/// Thread-safe; never blocks, for event threads.
class TaskService {
 public:
  TaskService(const base::Clock& clock, const base::SnapshotCell<TaskTable>& tasks,
              DeliveryObserver delivered)
      : clock_(clock), tasks_(tasks), delivered_(std::move(delivered)) {}
  [[nodiscard]] base::HttpResponse handle(const base::HttpRequest& request) const;

  static constexpr std::size_t kMaxBodyBytes = 4096;

 private:
  const base::Clock& clock_;
  const base::SnapshotCell<TaskTable>& tasks_;
  const DeliveryObserver delivered_;
};

}  // namespace imdsd::containers
