// SPDX-License-Identifier: MIT
// The AWS Query protocol: an action and flat parameters, in a form body or a query string; answers
// and errors in XML (https://docs.aws.amazon.com/STS/latest/APIReference/CommonParameters.html).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/service_error.h"
#include "base/http_message.h"
#include "base/result.h"

namespace imdsd::aws {

/// Decoded parameters in wire order. Of duplicates the first one wins, as STS does it.
class QueryParameters {
 public:
  [[nodiscard]] static base::Result<QueryParameters> parse(std::string_view form);
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  /// Tags.member.1.Key …: the parameters below `prefix`.member.N, one element for each N that
  /// occurs, by N. A gap in the numbers hides nothing. The value of a plain member
  /// (TransitiveTagKeys.member.1) has the name "".
  [[nodiscard]] std::vector<QueryParameters> list(std::string_view prefix) const;
  /// The same as EC2 has it, without `.member`: Filter.1.Name, InstanceId.1
  /// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html).
  [[nodiscard]] std::vector<QueryParameters> numbered(std::string_view prefix) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const noexcept {
    return pairs_;
  }

 private:
  [[nodiscard]] std::vector<QueryParameters> members_below(const std::string& start) const;
  std::vector<std::pair<std::string, std::string>> pairs_;
};

/// POST / with a form content type: the body. GET: the query string. Anything else has no
/// parameters.
[[nodiscard]] base::Result<QueryParameters> query_parameters(const base::HttpRequest& request);

inline constexpr std::string_view kStsNamespace = "https://sts.amazonaws.com/doc/2011-06-15/";
/// The namespace of InvalidAction, whatever the service.
inline constexpr std::string_view kFaultNamespace =
    "http://webservices.amazon.com/AWSFault/2005-15-09";

/// <ErrorResponse>…</ErrorResponse>
[[nodiscard]] std::string error_xml(const ServiceError& error, std::string_view xmlns,
                                    std::string_view request_id);

}  // namespace imdsd::aws
