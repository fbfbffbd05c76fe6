// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "cli/run.h"

int main(int argc, char** argv) {
  return imdsd::cli::run({argv, argv + argc}, imdsd::base::make_environment(environ));
}
