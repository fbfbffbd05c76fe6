// SPDX-License-Identifier: MIT
#include "iam/credential_reports.h"

#include <utility>

namespace imdsd::iam {

std::shared_ptr<const CredentialReports::Report> CredentialReports::find(
    std::string_view account) const {
  const std::lock_guard lock(mutex_);
  const auto found = reports_.find(account);
  return found == reports_.end() ? nullptr : found->second;
}

void CredentialReports::put(std::string_view account, Report report) {
  auto made = std::make_shared<const Report>(std::move(report));
  const std::lock_guard lock(mutex_);
  reports_.insert_or_assign(std::string(account), std::move(made));
}

}  // namespace imdsd::iam
