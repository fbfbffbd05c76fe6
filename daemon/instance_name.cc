// SPDX-License-Identifier: MIT
#include "daemon/instance_name.h"

#include <algorithm>

#include "base/codec.h"
#include "base/digest.h"
#include "daemon/config_values.h"

namespace imdsd::daemon {
namespace {

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

base::Result<std::string> instance_name(const ConfigNode& node) {
  const std::string& name = node.string;
  const auto allowed = [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; };
  if (!name.empty() && name.size() <= 64 && is_alnum(name.front()) &&
      std::all_of(name.begin(), name.end(), allowed)) {
    return name;
  }
  return base::fail(
      base::Errc::invalid_argument,
      "must be 1 to 64 letters, digits and `-_.`, a letter or digit first" + got(name));
}

std::string id_of_name(const std::string& name) {
  constexpr std::size_t kDigits = 16;
  return "i-0" + base::hex_encode(base::sha256("instance:" + name)).substr(0, kDigits);
}

}  // namespace imdsd::daemon
