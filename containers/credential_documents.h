// SPDX-License-Identifier: MIT
// Credentials as containers and programs read them. JSON on one line.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "base/snapshot_cell.h"

namespace imdsd::containers {

/// Of one task or pod, rendered when it changes, not when it is read.
struct RenderedCredentials {
  std::string access_key_id;
  std::string document;         // empty: there are none
  base::SystemTime expiration;  // of the document, which is not handed out from then on
  std::string failure;          // why there are none, or no newer ones; empty: nothing failed

  [[nodiscard]] bool usable(base::SystemTime now) const {
    return !document.empty() && now < expiration;
  }
};
using CredentialCell = base::SnapshotCell<RenderedCredentials>;

/// Told of credentials that are handed out, on the thread of the request: it never waits. `holder`:
/// the ARN of the task, or of the association.
using DeliveryObserver = std::function<void(std::string_view holder, std::string_view access_key_id,
                                            const base::HttpRequest& request)>;

/// Of an ECS task: the members that
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html shows.
[[nodiscard]] std::string task_credentials(std::string_view role_arn,
                                           const aws::Credentials& credentials);
/// Of the EKS Pod Identity agent.
[[nodiscard]] std::string pod_credentials(std::string_view account,
                                          const aws::Credentials& credentials);
/// Of a credential_process
/// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
[[nodiscard]] std::string process_credentials(std::string_view account,
                                              const aws::Credentials& credentials);

}  // namespace imdsd::containers
