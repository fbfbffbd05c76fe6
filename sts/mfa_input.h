// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "aws/parameter_check.h"
#include "aws/query_protocol.h"
#include "aws/service_error.h"
#include "sts/service.h"

namespace imdsd::sts {

/// SerialNumber and TokenCode of AssumeRole and GetSessionToken: a code that a virtual MFA device
/// of the calling user shows
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
struct MfaInput {
  std::optional<std::string> serial_number, token_code;

  /// What the API model says of the two parameters.
  static void check(const aws::QueryParameters& parameters, aws::ParameterCheck& check);
  [[nodiscard]] static MfaInput read(const aws::QueryParameters& parameters);

  [[nodiscard]] bool given() const { return serial_number || token_code; }

  /// Takes the code, durably: it works once, whatever becomes of the call, and however many ask at
  /// the same time. 403 AccessDenied for a device that is not the caller's, a wrong code or any in
  /// a pause of MfaThrottle, or one of the two without the other. With auth.mode = "off" everything
  /// is taken.
  [[nodiscard]] std::optional<aws::ServiceError> take_code(const ActionRequest& request) const;
};

}  // namespace imdsd::sts
