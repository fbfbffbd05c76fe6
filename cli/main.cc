// SPDX-License-Identifier: MIT
#include <csignal>
#include <unistd.h>

#include "cli/run.h"

int main(int argc, char** argv) {
  // A parent may have it ignored, and then nobody can wait for a child (waitpid(2), ECHILD).
  ::signal(SIGCHLD, SIG_DFL);
  return imdsd::cli::run({argv, argv + argc}, imdsd::base::make_environment(environ));
}
