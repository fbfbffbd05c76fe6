// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/s3_error.h"
#include "aws/sigv4_chunk.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "iam/caller.h"
#include "iam/control_policies.h"
#include "iam/decision.h"
#include "iam/directory.h"
#include "iam/explain.h"
#include "iam/permission.h"
#include "s3/address.h"
#include "s3/operation.h"
#include "s3/payload.h"

namespace imdsd::s3 {

/// What decisions are made by besides what S3 keeps itself; one snapshot for one request.
struct Realm {
  std::shared_ptr<const iam::Directory> directory;
  std::shared_ptr<const iam::ControlPolicies> control_policies;
  iam::AuthMode mode = iam::AuthMode::enforce;
  std::string partition = "aws";
};

/// One call of the API: read, and signed by its caller or by nobody, but not decided. References
/// outlive it.
struct Request {
  const base::HttpRequest& http;
  const Address& address;
  const OperationRow& operation;
  const iam::Caller& caller;  // anonymous where nobody signed
  SignedBy signed_by = SignedBy::nobody;
  std::string algorithm = {};                   // of the signature
  std::optional<base::SystemTime> signed_at{};  // nothing: by nobody
  std::optional<aws::ChunkSignatures> chunk_signatures{};
  const Realm& realm;
  base::SystemTime now;
  std::string region;  // of the credential scope; empty without one
};

/// What the audit is told of a call: the last decision that was taken, or the first that denied.
struct Findings {
  std::optional<iam::Decision> decision{};
  std::string resource{};                      // ARN that it is about
  iam::Explanation explanation{};              // of a denial
  std::vector<iam::Permission> permissions{};  // that were decided about
  bool would_deny = false;                     // audit mode let pass what enforce would refuse
};

}  // namespace imdsd::s3
