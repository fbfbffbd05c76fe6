// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/clock.h"
#include "base/secret.h"

namespace imdsd::aws {

/// Temporary credentials: all four or none. Share them as shared_ptr<const Credentials>.
/// INVARIANT: `expiration` has whole seconds, as it is printed.
struct Credentials {
  std::string access_key_id;
  base::Secret secret_access_key;
  base::Secret session_token;
  base::SystemTime expiration;
};

}  // namespace imdsd::aws
