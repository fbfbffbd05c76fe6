// SPDX-License-Identifier: MIT
// Any text is a configuration or a list of problems, each with its place. No file is opened.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/config_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imdsd::daemon::ConfigInput input;
  input.text.assign(reinterpret_cast<const char*>(data), size);
  input.read_file = [](const std::string&) {
    return imdsd::base::Result<std::string>(
        imdsd::base::fail(imdsd::base::Errc::not_found, "no files here"));
  };
  const auto loaded = imdsd::daemon::parse_config(input);
  if (!loaded && loaded.error().problems.empty()) std::abort();
  return 0;
}
