// SPDX-License-Identifier: MIT
// The STS Query API, 2011-06-15 (https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html):
// one function per action, each in its own file.
#pragma once

#include <string_view>
#include <vector>

#include "aws/query_protocol.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "base/random.h"
#include "iam/action_answer.h"
#include "iam/caller.h"
#include "iam/directory_service.h"
#include "iam/mfa_throttle.h"
#include "sts/authority.h"

namespace imdsd::sts {

inline constexpr std::string_view kApiVersion = "2011-06-15";

/// One call, authenticated. References outlive the call.
struct ActionRequest {
  const aws::QueryParameters& parameters;
  const iam::Caller& caller;
  const Authority& authority;
  iam::DirectoryService& directory;  // to be changed by: a code of an MFA device works once
  iam::MfaThrottle& mfa_throttle;
  const base::HttpRequest& http;  // aws:SourceIp, aws:UserAgent, aws:SecureTransport
  base::SystemTime now;
  base::Random& random;
  std::string_view request_id;
  std::string_view region;  // aws:RequestedRegion
};

using iam::ActionAnswer;

/// True for an action of this API that exists and needs no signature: a provider vouches for the
/// caller.
[[nodiscard]] bool is_unsigned_action(std::string_view action);
[[nodiscard]] bool has_action(std::string_view action);
[[nodiscard]] std::vector<std::string_view> action_names();
/// `action` must exist.
[[nodiscard]] ActionAnswer call(std::string_view action, const ActionRequest& request);

}  // namespace imdsd::sts
