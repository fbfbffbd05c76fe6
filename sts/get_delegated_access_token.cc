// SPDX-License-Identifier: MIT
#include "sts/get_delegated_access_token.h"

#include <utility>

#include "sts/authorize_action.h"
#include "sts/parameter_rules.h"

namespace imdsd::sts {

ActionAnswer get_delegated_access_token(const ActionRequest& request) {
  aws::ParameterCheck check;
  check.text(kTradeInTokenRule, request.parameters.get("TradeInToken"));
  if (auto error = check.error()) return {tl::unexpected(*std::move(error))};
  ActionAnswer answer{std::string()};
  if (auto error = refuse_action(request, {.name = "sts:GetDelegatedAccessToken"}, answer)) {
    answer.xml = tl::unexpected(*std::move(error));
    return answer;
  }
  answer.xml = aws::service_error(
      400, "ExpiredTradeInTokenException",
      "The trade-in token has expired, or this service did not issue it, and cannot be exchanged.");
  return answer;
}

}  // namespace imdsd::sts
