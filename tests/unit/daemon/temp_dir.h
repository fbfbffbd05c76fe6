// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <stdlib.h>
#include <string>

namespace imdsd::daemon {

/// A folder of this test alone, gone at its end.
class TempDir {
 public:
  TempDir() : path_(::mkdtemp(name_)) {}
  ~TempDir() { std::filesystem::remove_all(path_); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  char name_[32] = "/tmp/imdsd-test-XXXXXX";
  std::string path_;
};

}  // namespace imdsd::daemon
