// SPDX-License-Identifier: MIT
#include "daemon/pod_token_files.h"

#include <utility>

#include "daemon/files.h"
#include "daemon/paths.h"

namespace imdsd::daemon {
namespace {

constexpr std::chrono::hours kLifetime{24}, kRenewal{12};
constexpr const char* kFileName = "eks-pod-identity-token";  // as in pods

std::string folder_of(const std::string& root,
                      const containers::PodIdentityAssociation& association) {
  return root + "/" + association.name_space + "/" + association.service_account;
}

base::Result<void> write_token(const std::string& folder,
                               const containers::PodIdentityAssociation& association,
                               const PodTokenFiles::Sign& sign) {
  IMDSD_TRY(const auto token, sign({.name_space = association.name_space,
                                    .service_account = association.service_account,
                                    .audience = std::string(containers::kPodIdentityAudience),
                                    .duration = kLifetime}));
  IMDSD_TRY_VOID(make_folders(folder, 0700));
  // Without a newline: SDKs send the file as it is.
  return write_file_atomically(folder + "/" + kFileName, token.reveal());
}

}  // namespace

std::string PodTokenFiles::path_of(const ContainerPlan& plan,
                                   const containers::PodIdentityAssociation& association) const {
  const std::string& root = plan.token_dir.empty() ? default_folder_ : plan.token_dir;
  return folder_of(root, association) + "/" + kFileName;
}

base::Result<void> PodTokenFiles::refresh(const ContainerPlan& plan, bool all, base::SystemTime now,
                                          const Sign& sign) {
  const std::lock_guard lock(mutex_);
  const std::string& root = plan.token_dir.empty() ? default_folder_ : plan.token_dir;
  std::map<std::string, base::SystemTime> kept;
  for (const auto& association : plan.associations) {
    const std::string folder = folder_of(root, association);
    const auto known = written_.find(folder);
    const bool due =
        all || known == written_.end() || now - known->second >= kRenewal || now < known->second;
    if (due) IMDSD_TRY_VOID(write_token(folder, association, sign));
    kept[folder] = due ? now : known->second;
  }
  written_ = std::move(kept);
  return {};
}

}  // namespace imdsd::daemon
