// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "base/environment.h"
#include "daemon/mock_run.h"

int main(int argc, char** argv) {
  return imdsd::daemon::run_mock({argv, argv + argc}, imdsd::base::make_environment(environ));
}
