// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "iam/directory.h"
#include "iam/json_document.h"

namespace imdsd::iam {
namespace {

constexpr std::string_view kFormat = "1";

bool is_id(std::string_view id) {
  return id.size() == 21 && aws::account_in_id(id).has_value();
}

struct TypeOfId {
  std::string_view type, prefix;
};
constexpr std::array<TypeOfId, 3> kTypes{
    {{"user", "AIDA"}, {"role", "AROA"}, {"instance-profile", "AIPA"}}};

/// TYPE/ACCOUNT/NAME, and an id of that type and account.
bool belongs_together(std::string_view key, std::string_view id) {
  const std::size_t first = key.find('/');
  if (first == std::string_view::npos || !is_id(id)) return false;
  const auto type = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeOfId& candidate) {
    return candidate.type == key.substr(0, first);
  });
  if (type == kTypes.end() || !id.starts_with(type->prefix)) return false;
  const std::size_t second = key.find('/', first + 1);
  if (second == std::string_view::npos || second + 1 == key.size()) return false;
  return aws::account_in_id(id)->text() == key.substr(first + 1, second - first - 1);
}

}  // namespace

base::Result<UniqueIds> UniqueIds::from_json(std::string_view text) {
  const auto corrupt = [](const std::string& why) {
    return base::fail(base::Errc::corrupt, "unique ids: " + why);
  };
  const auto root = parse_json(text);
  if (!root) {
    return corrupt(root.error().message + " at line " + std::to_string(root.error().position.line));
  }
  const JsonNode* format = root->find("format");
  const JsonNode* ids = root->find("ids");
  if (format == nullptr || ids == nullptr || ids->kind != JsonNode::Kind::object ||
      root->members.size() != 2) {
    return corrupt("`format` and `ids` are expected");
  }
  if (format->text != kFormat) return corrupt("format `" + format->text + "` is not known");
  UniqueIds out;
  for (const auto& [key, id] : ids->members) {
    if (id.kind != JsonNode::Kind::string || !belongs_together(key, id.text)) {
      return corrupt("`" + key + "` has no valid id");
    }
    out.entries_.emplace(key, Entry{id.text, false});
  }
  return out;
}

std::string UniqueIds::to_json() const {
  nlohmann::ordered_json ids = nlohmann::ordered_json::object();
  for (const auto& [key, entry] : entries_) ids[key] = entry.id;
  const nlohmann::ordered_json root{{"format", 1}, {"ids", std::move(ids)}};
  return root.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string UniqueIds::get_or_make(aws::IdPrefix prefix, const aws::AccountId& account,
                                   const std::string& key, base::Random& random) {
  Entry& entry = entries_[key];
  if (entry.id.empty()) entry.id = aws::make_unique_id(prefix, account, random);
  entry.used = true;
  return entry.id;
}

std::vector<std::string> UniqueIds::drop_unused() {
  std::vector<std::string> forgotten;
  for (auto at = entries_.begin(); at != entries_.end();) {
    if (at->second.used) {
      ++at;
      continue;
    }
    forgotten.push_back(at->first);
    at = entries_.erase(at);
  }
  return forgotten;
}

}  // namespace imdsd::iam
