// SPDX-License-Identifier: MIT
#pragma once

#include "sts/service.h"

namespace imdsd::sts {

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html: the account that
/// a key belongs to, be it active, deleted or of another service. Keys of today hold it; of older
/// ones those are known that are in the directory.
[[nodiscard]] ActionAnswer get_access_key_info(const ActionRequest& request);

}  // namespace imdsd::sts
