// SPDX-License-Identifier: MIT
#include "sts/decode_authorization_message.h"

#include <utility>

#include "aws/answer_xml.h"
#include "sts/authorization_message.h"
#include "sts/authorize_action.h"
#include "sts/parameter_rules.h"

namespace imdsd::sts {

ActionAnswer decode_authorization_message(const ActionRequest& request) {
  const auto encoded = request.parameters.get("EncodedMessage");
  aws::ParameterCheck check;
  check.text(kEncodedMessageRule, encoded);
  if (auto error = check.error()) return {tl::unexpected(*std::move(error))};
  ActionAnswer answer{std::string()};
  if (auto error = refuse_action(request, {.name = "sts:DecodeAuthorizationMessage"}, answer)) {
    answer.xml = tl::unexpected(*std::move(error));
    return answer;
  }
  const auto json = open_authorization_message(*encoded, request.caller.principal.account,
                                               *request.authority.key_ring);
  if (!json) {
    answer.xml =
        aws::service_error(400, "InvalidAuthorizationMessageException",
                           "The message is not one that this service has encoded for an account "
                           "of the caller's, or it was changed.");
    return answer;
  }
  answer.xml = aws::answer_xml("DecodeAuthorizationMessage", aws::kStsNamespace, request.request_id,
                               [&](base::XmlWriter& xml) { xml.leaf("DecodedMessage", *json); });
  return answer;
}

}  // namespace imdsd::sts
