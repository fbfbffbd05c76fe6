// SPDX-License-Identifier: MIT
#include "iam/auth_mode_name.h"

namespace imdsd::iam {

std::string_view to_string(AuthMode mode) noexcept {
  switch (mode) {
    case AuthMode::enforce:
      return "enforce";
    case AuthMode::audit:
      return "audit";
    case AuthMode::off:
      return "off";
  }
  return "enforce";
}

}  // namespace imdsd::iam
