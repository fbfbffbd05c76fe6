// SPDX-License-Identifier: MIT
#include "base/startup_memory.h"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "base/digest.h"

namespace imdsd::base {
namespace {

/// Kilobytes of code that this process has in memory.
long resident_code() {
  std::ifstream maps("/proc/self/smaps");
  long sum = 0;
  bool code = false;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::string first, second;
    words >> first >> second;
    if (first.find('-') != std::string::npos && first.back() != ':') {
      code = second == "r-xp" && line.find('/') != std::string::npos;
    } else if (code && first == "Rss:") {
      sum += std::stol(second);
    }
  }
  return sum;
}

TEST(StartupMemory, CodeThatIsNotRunAgainIsGoneAndWhatIsComesBack) {
  const std::string before = sha256("text");
  const long resident = resident_code();
  ASSERT_GT(resident, 0);
  release_startup_memory();
  EXPECT_LT(resident_code(), resident);
  EXPECT_EQ(sha256("text"), before);
  EXPECT_THROW(throw std::runtime_error("tables of exceptions are read again"), std::runtime_error);
}

}  // namespace
}  // namespace imdsd::base
