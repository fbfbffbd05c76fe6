// SPDX-License-Identifier: MIT
// Ending an entity and whatever refers to it. The API refuses to delete what others still refer to
// (DeleteConflict); a configuration file that no longer declares something has nobody to refuse.
#pragma once

#include <memory>

#include "iam/transaction.h"

namespace imdsd::iam {

void remove_entity(const std::shared_ptr<const User>& user, Transaction& transaction);
void remove_entity(const std::shared_ptr<const Group>& group, Transaction& transaction);
void remove_entity(const std::shared_ptr<const Role>& role, Transaction& transaction);
void remove_entity(const std::shared_ptr<const ManagedPolicy>& policy, Transaction& transaction);
void remove_entity(const std::shared_ptr<const InstanceProfile>& profile, Transaction& transaction);
void remove_entity(const std::shared_ptr<const OidcProvider>& provider, Transaction& transaction);

}  // namespace imdsd::iam
