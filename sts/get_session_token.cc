// SPDX-License-Identifier: MIT
#include "sts/get_session_token.h"

#include <algorithm>
#include <utility>

#include "aws/answer_xml.h"
#include "sts/issuer.h"
#include "sts/mfa_input.h"
#include "sts/parameter_rules.h"
#include "sts/start_session.h"

namespace imdsd::sts {

ActionAnswer get_session_token(const ActionRequest& request) {
  aws::ParameterCheck check;
  const auto duration = read_duration(request.parameters, kUserDuration, check);
  MfaInput::check(request.parameters, check);
  if (auto error = check.error()) return {tl::unexpected(*std::move(error))};
  if (!duration) return {tl::unexpected(duration.error())};
  SessionClaims claims = user_session(request.caller.principal, request.now, *duration);
  if (const MfaInput mfa = MfaInput::read(request.parameters); mfa.given()) {
    if (auto error = mfa.take_code(request)) return {tl::unexpected(*std::move(error))};
    claims.session.mfa_time = claims.session.issued;
  }
  auto started = start_session(std::move(claims), request);
  if (!started) return {tl::unexpected(std::move(started).error())};
  return {
      aws::answer_xml("GetSessionToken", aws::kStsNamespace, request.request_id,
                      [&](base::XmlWriter& xml) { write_credentials(xml, started->credentials); })};
}

}  // namespace imdsd::sts
