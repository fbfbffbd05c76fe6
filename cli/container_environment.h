// SPDX-License-Identifier: MIT
// Which variables send an AWS client through the doors that containers have. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/client_environment.h"

namespace imdsd::cli {

enum class Door { imds, ecs, eks };

/// Whose credentials; what is empty is the first one.
struct ContainerChoice {
  Door door = Door::ecs;
  std::string task = {};       // its family, id or ARN
  std::string container = {};  // its name: whose metadata
  std::string name_space = {}, service_account = {};
  bool at_built_in_address = false;  // 169.254.170.2 or .23, wherever imdsd itself listens
};

struct ContainerVariables {
  std::vector<Variable> variables;
  std::string host;  // for no_proxy
};

/// `body`: of GET /v1/containers. Errc::not_found when the door is closed, or nobody is there who
/// was asked for.
[[nodiscard]] base::Result<ContainerVariables> container_variables(std::string_view body,
                                                                   const ContainerChoice& choice);

/// Which doors for containers are open. `body`: as above.
struct OpenDoors {
  bool ecs = false, eks = false;
};
[[nodiscard]] base::Result<OpenDoors> open_doors(std::string_view body);

/// The environment of a client of that door: what client_environment() made, with the metadata
/// service turned off and the door's variables instead.
[[nodiscard]] std::vector<Variable> through_door(std::vector<Variable> environment,
                                                 const std::vector<Variable>& door);

}  // namespace imdsd::cli
