// SPDX-License-Identifier: MIT
#pragma once

#include "sts/service.h"

namespace imdsd::sts {

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html: for whoever has a
/// long-term key; no policy allows or denies it.
[[nodiscard]] ActionAnswer get_session_token(const ActionRequest& request);

}  // namespace imdsd::sts
