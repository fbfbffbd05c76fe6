// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "imds/snapshot.h"

namespace imdsd::imds {

/// What the documents are made of. Credentials of both deliveries, or the failure to obtain them.
struct RoleDocumentInput {
  std::string role_name;
  std::string instance_profile_arn, instance_profile_id;
  std::string account_id;
  base::SystemTime last_updated;
  const aws::Credentials* imdsv1 = nullptr;  // both or none
  const aws::Credentials* imdsv2 = nullptr;
  bool extended = true;  // the documents with AccountId are wanted
  /// Of the last attempt: the Code and Message of the document ("AssumeRoleUnauthorizedAccess", …)
  /// where there are no credentials, or once they have expired.
  std::string failure_code = {}, failure_message = {};
};

/// EC2's layout: two-space indent, ` : `, no final newline.
[[nodiscard]] RoleDocuments render_role_documents(const RoleDocumentInput& input);

/// The same role without credentials, for this reason; `message` may be empty.
[[nodiscard]] RoleDocuments with_failure(const RoleDocuments& documents, std::string code,
                                         std::string message, base::SystemTime last_updated);

}  // namespace imdsd::imds
