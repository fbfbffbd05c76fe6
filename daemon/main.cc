// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "daemon/run.h"

int main(int argc, char** argv) {
  return imdsd::daemon::run({argv, argv + argc}, imdsd::base::make_environment(environ));
}
