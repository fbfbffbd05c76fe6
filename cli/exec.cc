// SPDX-License-Identifier: MIT
#include "cli/exec.h"

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <unistd.h>

namespace imdsd::cli {
namespace {

constexpr int kNotExecutable = 126, kNotFound = 127;

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const auto& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

}  // namespace

std::vector<std::string> child_environment(const base::Environment& current,
                                           const std::vector<Variable>& variables) {
  base::Environment changed = current;
  for (const auto& [name, value] : variables) {
    if (value) {
      changed[name] = *value;
    } else {
      changed.erase(name);
    }
  }
  std::vector<std::string> out;
  for (const auto& [name, value] : changed) out.push_back(name + "=" + value);
  return out;
}

int exec_command(const std::vector<std::string>& command,
                 const std::vector<std::string>& environment) {
  const auto arguments = pointers(command);
  ::execvpe(arguments[0], arguments.data(), pointers(environment).data());
  const int error = errno;
  std::fprintf(stderr, "imdsctl: cannot run `%s`: %s\n", command[0].c_str(),
               std::generic_category().message(error).c_str());
  return error == ENOENT || error == ENOTDIR ? kNotFound : kNotExecutable;
}

}  // namespace imdsd::cli
