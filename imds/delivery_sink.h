// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/http_message.h"

namespace imdsd::imds {

/// Credentials that were handed out. Views and references end with the call.
struct CredentialDelivery {
  base::SystemTime time;
  std::string_view instance_id;  // of a task or a pod, an ARN
  std::string_view door;         // "imdsv1", "imdsv2", "ecs", "eks"
  std::string_view access_key_id;
  const base::HttpRequest& request;  // who asked, for which path
};

/// Where deliveries are told. Thread-safe; called on event threads: it never waits.
class DeliverySink {
 public:
  virtual ~DeliverySink() = default;
  virtual void record(const CredentialDelivery& delivery) = 0;
};

}  // namespace imdsd::imds
