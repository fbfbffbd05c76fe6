// SPDX-License-Identifier: MIT
#include "cli/program_output.h"

#include "reach/command.h"

namespace imdsd::cli {

std::optional<std::string> program_output(const std::vector<std::string>& command,
                                          std::chrono::milliseconds limit) {
  auto output = reach::run_command({command, "", ""}, {.time = limit});
  if (!output) return std::nullopt;
  return std::move(output->text);
}

}  // namespace imdsd::cli
