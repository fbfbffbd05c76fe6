// SPDX-License-Identifier: MIT
#include "daemon/process_credentials.h"

#include "aws/sigv4.h"
#include "gateway/own_call.h"
#include "sts/service.h"

namespace imdsd::daemon {

base::Result<aws::Credentials> assume_role_of_holder(const RoleOfHolder& asked,
                                                     const gateway::Gateway& gateway,
                                                     base::SystemTime now) {
  auto request = gateway::own_call("AssumeRole", sts::kApiVersion,
                                   {{"DurationSeconds", "3600"},
                                    {"RoleArn", asked.role_arn},
                                    {"RoleSessionName", asked.session_name}},
                                   "imdsctl/" IMDSD_VERSION);
  const aws::SigningKey key{asked.holder.access_key_id, &asked.holder.secret_access_key,
                            &asked.holder.session_token};
  IMDSD_TRY_VOID(aws::sign(request, key, asked.region, "sts", now));
  auto assumed = gateway::credentials_of(gateway.handle(request), "AssumeRole");
  if (assumed) return *std::move(assumed);
  const aws::ServiceError& error = assumed.error();
  return base::fail(error.status == 403 ? base::Errc::access_denied : base::Errc::invalid_argument,
                    error.code + ": " + error.message.value_or(""));
}

}  // namespace imdsd::daemon
