// SPDX-License-Identifier: MIT
// Calls that this process makes of its own services, as any client would: in the Query protocol,
// answered in JSON.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "aws/credentials.h"
#include "aws/service_error.h"
#include "base/http_message.h"

namespace imdsd::gateway {

/// POST /, still unsigned. `agent` is its User-Agent.
[[nodiscard]] base::HttpRequest own_call(
    std::string_view action, std::string_view version,
    std::initializer_list<std::pair<std::string_view, std::string_view>> parameters,
    std::string_view agent);

/// The error of an answer that is none of success.
[[nodiscard]] aws::ServiceError error_of(const base::HttpResponse& response);

/// The Credentials in an answer of STS to `action`, or its error.
[[nodiscard]] aws::Outcome<aws::Credentials> credentials_of(const base::HttpResponse& response,
                                                            const std::string& action);

}  // namespace imdsd::gateway
