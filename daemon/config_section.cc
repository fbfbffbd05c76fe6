// SPDX-License-Identifier: MIT
#include "daemon/config_section.h"

namespace imdsd::daemon {

const ConfigNode* ConfigSection::find(std::string_view key) const {
  const ConfigNode* node = table_ ? table_->find(key) : nullptr;
  return node && node->usable ? node : nullptr;
}

ConfigSection ConfigSection::section(std::string_view key) const {
  return ConfigSection(find(key), path_of(key), *problems_);
}

std::vector<ConfigSection> ConfigSection::sections(std::string_view key) const {
  std::vector<ConfigSection> out;
  if (const ConfigNode* array = find(key)) {
    for (std::size_t i = 0; i < array->items.size(); ++i) {
      out.emplace_back(&array->items[i], path_of(key) + "." + std::to_string(i), *problems_);
    }
  }
  return out;
}

void ConfigSection::add_problem(std::string_view key, std::string message) const {
  const ConfigNode* node = table_ ? table_->find(key) : nullptr;
  if (!node) node = table_;
  add_problem_at(node ? node->at : ConfigPosition{}, key, std::move(message));
}

void ConfigSection::add_problem_at(ConfigPosition at, std::string_view key,
                                   std::string message) const {
  problems_->push_back({std::move(at), path_of(key), std::move(message)});
}

std::string ConfigSection::path_of(std::string_view key) const {
  if (path_.empty()) return std::string(key);
  return key.empty() ? path_ : path_ + "." + std::string(key);
}

}  // namespace imdsd::daemon
