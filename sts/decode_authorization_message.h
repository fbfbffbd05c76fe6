// SPDX-License-Identifier: MIT
#pragma once

#include "sts/service.h"

namespace imdsd::sts {

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
[[nodiscard]] ActionAnswer decode_authorization_message(const ActionRequest& request);

}  // namespace imdsd::sts
