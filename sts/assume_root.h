// SPDX-License-Identifier: MIT
#pragma once

#include "sts/service.h"

namespace imdsd::sts {

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html: a quarter of an hour as
/// root of a member account, for one of five tasks; for callers in the organization's management
/// account or a delegated administrator's.
[[nodiscard]] ActionAnswer assume_root(const ActionRequest& request);

}  // namespace imdsd::sts
