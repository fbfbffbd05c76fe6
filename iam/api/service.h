// SPDX-License-Identifier: MIT
// The IAM Query API, 2010-05-08 (https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html).
#pragma once

#include <string_view>

#include "aws/query_protocol.h"
#include "base/http_message.h"
#include "iam/action_answer.h"
#include "iam/api/call.h"
#include "iam/api/operation.h"
#include "iam/caller.h"

namespace imdsd::iam::api {

inline constexpr std::string_view kApiVersion = "2010-05-08";
inline constexpr std::string_view kNamespace = "https://iam.amazonaws.com/doc/2010-05-08/";

/// One call, authenticated. References outlive the call.
struct ActionRequest {
  const aws::QueryParameters& parameters;
  const Caller& caller;
  const base::HttpRequest& http;
  std::string_view region;  // of the credential scope
  std::string_view request_id;
};

/// Checks the parameters, authorizes, and runs the action. Thread-safe.
[[nodiscard]] ActionAnswer call(const Operation& operation, const ActionRequest& request,
                                Context& context);

}  // namespace imdsd::iam::api
