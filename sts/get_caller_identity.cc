// SPDX-License-Identifier: MIT
#include "sts/get_caller_identity.h"

#include "aws/answer_xml.h"
#include "aws/query_protocol.h"

namespace imdsd::sts {

ActionAnswer get_caller_identity(const ActionRequest& request) {
  const iam::Principal& principal = request.caller.principal;
  return {.xml = aws::answer_xml("GetCallerIdentity", aws::kStsNamespace, request.request_id,
                                 [&](base::XmlWriter& xml) {
                                   xml.leaf("Arn", principal.arn)
                                       .leaf("UserId", principal.user_id)
                                       .leaf("Account", principal.account);
                                 }),
          .decision = std::nullopt};
}

}  // namespace imdsd::sts
