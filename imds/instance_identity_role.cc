// SPDX-License-Identifier: MIT
#include "imds/instance_identity_role.h"

#include <string>

#include "base/log.h"
#include "imds/role_documents.h"

namespace imdsd::imds {
namespace {

std::shared_ptr<const RoleDocuments> render(RoleDocumentInput input) {
  input.role_name = InstanceIdentityRole::kName;
  input.extended = false;
  return std::make_shared<const RoleDocuments>(render_role_documents(input));
}

std::shared_ptr<const RoleDocuments> render_failure(const base::Error& error,
                                                    base::SystemTime now) {
  RoleDocumentInput input;
  input.last_updated = now;
  input.failure_message = "No credentials for the instance identity role: " + error.message;
  return render(std::move(input));
}

}  // namespace

/// INVARIANT: whoever asks twice before they are due gets the same bytes. Nobody waits for
/// another's issuing: of several at a time the first one's are kept.
std::shared_ptr<const RoleDocuments> InstanceIdentityRole::documents(base::SystemTime now) const {
  const auto before = kept_.load();
  if (before && now < before->renew_at) return before->documents;
  const auto issued = issue_(now);
  if (!issued) {
    base::log_error("no credentials for the instance identity role",
                    {{"error", issued.error().message}});
    return before ? before->documents : render_failure(issued.error(), now);
  }
  RoleDocumentInput input;
  input.last_updated = issued->issued;
  input.imdsv1 = &issued->imdsv1;
  input.imdsv2 = &issued->imdsv2;
  auto made = std::make_shared<const Kept>(Kept{render(std::move(input)), issued->renew_at});
  const std::lock_guard lock(keeping_);
  if (const auto other = kept_.load(); other && now < other->renew_at) return other->documents;
  kept_.store(made);
  return made->documents;
}

}  // namespace imdsd::imds
