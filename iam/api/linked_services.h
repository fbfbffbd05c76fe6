// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace imdsd::iam::api {

/// A service that has a role of its own. Names are the services' choice: no rule makes them.
struct LinkedService {
  std::string_view principal;  // "ecs.amazonaws.com"
  std::string_view role;
  bool takes_suffix = false;
};

/// Null for a service that has none, or that we do not know.
[[nodiscard]] const LinkedService* find_linked_service(std::string_view principal);

}  // namespace imdsd::iam::api
