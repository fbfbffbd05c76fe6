// SPDX-License-Identifier: MIT
#include "iam/action_table.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "base/codec.h"
#include "iam/embedded_data.h"

namespace imdsd::iam {
namespace {

/// An action in its two parts, so that no "service:Name" has to be put together to look it up.
struct ActionKey {
  std::string_view service, name;
};

/// FNV-1a (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv) over lower case.
struct HashWithoutCase {
  std::size_t operator()(const ActionKey& key) const noexcept {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const std::string_view part : {key.service, key.name}) {
      for (const char c : part) {
        const auto lower = static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        hash = (hash ^ lower) * 0x100000001b3U;
      }
    }
    return hash;
  }
};

struct EqualWithoutCase {
  bool operator()(const ActionKey& a, const ActionKey& b) const noexcept {
    return base::equals_ignoring_case(a.name, b.name) &&
           base::equals_ignoring_case(a.service, b.service);
  }
};

using Row = std::vector<std::string_view>;

/// INVARIANT: tools/derive_actions.py writes no other word.
AccessLevel access_level(std::string_view text) {
  if (text == "List") return AccessLevel::list;
  if (text == "Read") return AccessLevel::read;
  if (text == "Tagging") return AccessLevel::tagging;
  if (text == "Write") return AccessLevel::write;
  return AccessLevel::permissions_management;
}

class Table {
 public:
  /// Rows come in this order: all services; then of one after the other its resources, its actions.
  Table() {
    for_each_row(actions_text(), [this](const Row& row) {
      if (row[0] == "service") prefixes_.push_back(row[1]);
      if (row[0] == "resource") add_resource(row);
      if (row[0] == "action") add_action(row);
    });
    for (const auto& service : services_) {
      for (const ActionInfo& action : service.actions) {
        by_name_.emplace(ActionKey{action.service, action.name}, &action);
      }
    }
  }

  [[nodiscard]] const ActionInfo* find(std::string_view action) const {
    const std::size_t colon = action.find(':');
    if (colon == std::string_view::npos) return nullptr;
    const auto found = by_name_.find({action.substr(0, colon), action.substr(colon + 1)});
    return found == by_name_.end() ? nullptr : found->second;
  }

  [[nodiscard]] std::span<const ActionInfo> actions_of(std::string_view service) const {
    for (const Service& each : services_) {
      if (base::equals_ignoring_case(each.prefix, service)) return each.actions;
    }
    return {};
  }

  [[nodiscard]] std::span<const std::string_view> prefixes() const { return prefixes_; }

 private:
  struct Service {
    std::string_view prefix;
    std::deque<ResourceType> resources;  // a deque: actions point into it while it grows
    std::vector<ActionInfo> actions;
  };

  Service& service(std::string_view prefix) {
    if (services_.empty() || services_.back().prefix != prefix) {
      services_.push_back({.prefix = prefix, .resources = {}, .actions = {}});
    }
    return services_.back();
  }

  void add_resource(const Row& row) {
    service(row[1]).resources.push_back({.service = row[1],
                                         .name = row[2],
                                         .arn = row[3],
                                         .condition_keys = split_fields(row[4], ',')});
  }

  void add_action(const Row& row) {
    Service& owner = service(row[1]);
    ActionInfo action{.service = row[1],
                      .name = row[2],
                      .access_level = access_level(row[3]),
                      .resources = {},
                      .condition_keys = split_fields(row[5], ',')};
    for (const std::string_view kind : split_fields(row[4], ',')) {
      for (const ResourceType& type : owner.resources) {
        if (type.name == kind) action.resources.push_back(&type);
      }
    }
    owner.actions.push_back(std::move(action));
  }

  std::vector<std::string_view> prefixes_;
  std::deque<Service> services_;
  std::unordered_map<ActionKey, const ActionInfo*, HashWithoutCase, EqualWithoutCase> by_name_;
};

const Table& table() {
  static const Table instance;
  return instance;
}

}  // namespace

const ActionInfo* find_action(std::string_view action) {
  return table().find(action);
}

bool supports_resource_level(std::string_view action) {
  const ActionInfo* known = find_action(action);
  return known == nullptr || known->supports_resources();
}

std::span<const ActionInfo> actions_of(std::string_view service) {
  return table().actions_of(service);
}

std::span<const std::string_view> service_prefixes() {
  return table().prefixes();
}

bool is_service_prefix(std::string_view text) {
  const auto prefixes = service_prefixes();
  return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) {
    return base::equals_ignoring_case(prefix, text);
  });
}

}  // namespace imdsd::iam
