// SPDX-License-Identifier: MIT
#include "daemon/config_node.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace imdsd::daemon {

std::string ConfigProblem::to_string() const {
  std::string out = at.source;
  if (at.line != 0) out += ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  if (!out.empty()) out += ": ";
  if (!key.empty()) out += key + ": ";
  return out + message;
}

void sort_problems(std::vector<ConfigProblem>& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const auto& a, const auto& b) {
    return std::tie(a.at.source, a.at.line, a.at.column) <
           std::tie(b.at.source, b.at.line, b.at.column);
  });
}

const ConfigNode* ConfigNode::find(std::string_view key) const {
  for (const auto& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

ConfigNode* ConfigNode::find(std::string_view key) {
  return const_cast<ConfigNode*>(std::as_const(*this).find(key));
}

std::string_view describe(ConfigNode::Kind kind) {
  switch (kind) {
    case ConfigNode::Kind::table:
      return "a table";
    case ConfigNode::Kind::array:
      return "an array";
    case ConfigNode::Kind::string:
      return "a string";
    case ConfigNode::Kind::integer:
      return "an integer";
    case ConfigNode::Kind::real:
      return "a number with a fraction";
    case ConfigNode::Kind::boolean:
      return "a boolean";
    case ConfigNode::Kind::date:
      return "a date or time";
  }
  return "a value";
}

}  // namespace imdsd::daemon
