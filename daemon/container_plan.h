// SPDX-License-Identifier: MIT
// The tasks and pods of a configuration, as they are served: whatever it leaves open is derived,
// the same at each start.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "containers/credential_documents.h"
#include "containers/pod_identity_service.h"
#include "containers/task_service.h"
#include "daemon/config.h"
#include "iam/directory.h"
#include "sts_client/credential_source.h"

namespace imdsd::daemon {

/// A task or a pod that has a role: what the rotation knows of it, and where its credentials go.
struct ContainerHolder {
  sts_client::InstanceRole role;  // its instance_id: the ARN of the task, or of the association
  std::shared_ptr<containers::CredentialCell> credentials;
};

struct ContainerPlan {
  std::map<std::string, ContainerHolder> holders;  // by the rotation's id
  std::shared_ptr<const containers::TaskTable> tasks;
  std::shared_ptr<const containers::PodIdentityTable> pods;
  std::vector<containers::PodIdentityAssociation> associations;  // in the configuration's order
  std::string authorization_token_file;                          // of the tasks; empty: none
  std::string token_dir;  // of the pods; empty: the state directory's

  [[nodiscard]] const ContainerHolder* find(const std::string& id) const;
};

/// `old`: the plan that this one replaces, or null; who has the same role there keeps its
/// credentials.
[[nodiscard]] std::shared_ptr<const ContainerPlan> plan_containers(const Config& config,
                                                                   base::SystemTime started,
                                                                   const ContainerPlan* old);

/// Roles that tasks and associations name and the account does not have.
[[nodiscard]] std::vector<ConfigProblem> missing_container_roles(const Config& config,
                                                                 const iam::Directory& directory);

}  // namespace imdsd::daemon
