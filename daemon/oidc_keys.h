// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>

#include "base/clock.h"
#include "daemon/config.h"
#include "sts/oidc_key_source.h"

namespace imdsd::daemon {

/// The keys that a configuration gives, and those that it allows to be fetched. `clock` outlives
/// it. `worker_threads`: half of them may wait for issuers at the same time.
[[nodiscard]] std::shared_ptr<sts::OidcKeySource> make_oidc_keys(const StsConfig& config,
                                                                 const base::Clock& clock,
                                                                 std::size_t worker_threads);

}  // namespace imdsd::daemon
