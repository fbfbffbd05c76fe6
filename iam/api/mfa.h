// SPDX-License-Identifier: MIT
// MFA devices and the users that they are enabled for.
#pragma once

#include "iam/api/call.h"

namespace imdsd::iam::api {

[[nodiscard]] aws::Outcome<void> enable_mfa_device(Call& call);
[[nodiscard]] aws::Outcome<void> resync_mfa_device(Call& call);
[[nodiscard]] aws::Outcome<void> deactivate_mfa_device(Call& call);
[[nodiscard]] aws::Outcome<void> get_mfa_device(Call& call);
[[nodiscard]] aws::Outcome<void> list_mfa_devices(Call& call);

}  // namespace imdsd::iam::api
