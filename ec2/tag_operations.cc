// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ec2/authorize.h"
#include "ec2/errors.h"
#include "ec2/filter.h"
#include "ec2/find.h"
#include "ec2/operation.h"
#include "ec2/paging.h"
#include "ec2/parameters.h"
#include "ec2/tags.h"

namespace imdsd::ec2 {
namespace {

using aws::Outcome;

/// ResourceId.N: instances, for there is nothing else here that tags could be on.
Outcome<std::vector<std::string>> read_resources(const Call& call) {
  auto ids = numbered_texts(call.parameters(), "ResourceId");
  if (ids.empty()) return missing_parameter("resourceIdSet");
  for (const std::string& id : ids) {
    if (is_resource_id(id, "i-")) continue;
    return aws::service_error(400, "InvalidID", "The ID '" + id + "' is not valid");
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

/// Runs `change` on the tags of all resources, or of none.
Outcome<void> change_tags(const Call& call, const std::vector<std::string>& ids,
                          const std::function<void(Tags&)>& change) {
  Outcome<void> outcome;
  const auto kept = call.context.instances.change(ids, [&](std::vector<Instance>& instances) {
    for (Instance& instance : instances) {
      InstanceSettings& settings = instance.settings;
      change(settings.tags);
      outcome = check_tags(settings.tags, settings.metadata_options.tags_in_metadata);
      if (!outcome) return false;
    }
    return true;
  });
  if (!kept) return internal_error(kept.error().message);
  return outcome;
}

Outcome<void> write_return(Call& call) {
  call.xml.leaf("return", "true");
  return {};
}

Outcome<void> create_tags(Call& call) {
  IMDSD_TRY(const auto ids, read_resources(call));
  IMDSD_TRY(const Tags tags, read_tags(call.parameters()));
  if (tags.empty()) return missing_parameter("tagSet");
  for (const std::string& id : ids) {
    IMDSD_TRY_VOID(
        require_on_instance(call, "ec2:CreateTags", id,
                            [&tags](iam::ConditionKeys& keys) { add_request_tags(tags, keys); }));
  }
  IMDSD_TRY_VOID(find_instances(call, ids));
  IMDSD_TRY_VOID(call.end_dry_run());
  IMDSD_TRY_VOID(change_tags(call, ids, [&tags](Tags& now) {
    for (const auto& [key, value] : tags) set_tag(now, key, value);
  }));
  return write_return(call);
}

/// A tag to delete: of a key alone, or with this very value.
struct Deletion {
  std::string key;
  std::optional<std::string> value;
};

std::vector<Deletion> read_deletions(const Call& call) {
  std::vector<Deletion> out;
  for (const aws::QueryParameters& each : call.parameters().numbered("Tag")) {
    Deletion deletion{std::string(each.get("Key").value_or("")), std::nullopt};
    if (const auto value = each.get("Value")) deletion.value = *value;
    out.push_back(std::move(deletion));
  }
  return out;
}

/// Without any `deletions` all tags go.
void delete_from(Tags& tags, const std::vector<Deletion>& deletions) {
  if (deletions.empty()) return tags.clear();
  std::erase_if(tags, [&deletions](const auto& tag) {
    return std::any_of(deletions.begin(), deletions.end(), [&tag](const Deletion& each) {
      return each.key == tag.first && (!each.value || *each.value == tag.second);
    });
  });
}

Outcome<void> delete_tags(Call& call) {
  IMDSD_TRY(const auto ids, read_resources(call));
  const auto deletions = read_deletions(call);
  Tags named;
  for (const Deletion& each : deletions) named.emplace_back(each.key, each.value.value_or(""));
  for (const std::string& id : ids) {
    IMDSD_TRY_VOID(
        require_on_instance(call, "ec2:DeleteTags", id,
                            [&named](iam::ConditionKeys& keys) { add_request_tags(named, keys); }));
  }
  IMDSD_TRY_VOID(find_instances(call, ids));
  IMDSD_TRY_VOID(call.end_dry_run());
  IMDSD_TRY_VOID(change_tags(call, ids, [&deletions](Tags& now) { delete_from(now, deletions); }));
  return write_return(call);
}

struct TagRow {
  std::string resource, key, value;
};
using Row = FilterRow<TagRow>;
constexpr std::array kFilters{
    Row{"key",
        [](const Call&, const TagRow& tag, std::string_view) { return std::vector{tag.key}; }},
    Row{"resource-id",
        [](const Call&, const TagRow& tag, std::string_view) { return std::vector{tag.resource}; }},
    Row{"resource-type", [](const Call&, const TagRow&,
                            std::string_view) { return std::vector<std::string>{"instance"}; }},
    Row{"value",
        [](const Call&, const TagRow& tag, std::string_view) { return std::vector{tag.value}; }},
    Row{"tag:*",
        [](const Call&, const TagRow& tag, std::string_view key) {
          return tag.key == key ? std::vector{tag.value} : std::vector<std::string>();
        }},
};

/// All of them, by resource and key: what pages are made of.
std::vector<std::pair<std::string, TagRow>> all_tags(const Call& call) {
  std::vector<std::pair<std::string, TagRow>> out;
  for (const std::string& id : call.ids()) {
    const auto instance = call.find(id);
    if (!instance) continue;
    for (const auto& [key, value] : instance->settings.tags) {
      out.emplace_back(id + "/" + key, TagRow{id, key, value});
    }
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return out;
}

Outcome<void> describe_tags(Call& call) {
  const std::span<const Row> rows = kFilters;
  IMDSD_TRY(const auto filters, read_filters(call, rows));
  IMDSD_TRY(const PageRequest page, read_page(call));
  IMDSD_TRY_VOID(require(call, "ec2:DescribeTags", "*"));
  IMDSD_TRY_VOID(call.end_dry_run());
  const auto all = all_tags(call);
  std::vector<std::string> keys;
  for (const auto& [key, tag] : all) keys.push_back(key);
  const auto shown = collect_page<TagRow>(keys, page, [&](const std::string& key) {
    const auto at = std::lower_bound(keys.begin(), keys.end(), key) - keys.begin();
    const TagRow& tag = all[static_cast<std::size_t>(at)].second;
    return matches_all(filters, call, rows, tag) ? std::optional(tag) : std::nullopt;
  });
  call.xml.open("tagSet");
  for (const TagRow& tag : shown.items) {
    call.xml.open("item").leaf("resourceId", tag.resource).leaf("resourceType", "instance");
    call.xml.leaf("key", tag.key).leaf("value", tag.value).close();
  }
  call.xml.close();
  write_next_token(call, shown.last);
  return {};
}

constexpr std::array<std::string_view, 3> kChange{"ResourceId.N", "Tag.N.Key", "Tag.N.Value"};
constexpr std::array<std::string_view, 4> kDescribe{"Filter.N.Name", "Filter.N.Value.N",
                                                    "MaxResults", "NextToken"};

constexpr std::array kOperations{
    Operation{"CreateTags", kChange, create_tags},
    Operation{"DeleteTags", kChange, delete_tags},
    Operation{"DescribeTags", kDescribe, describe_tags},
};

}  // namespace

std::span<const Operation> tag_operations() {
  return kOperations;
}

}  // namespace imdsd::ec2
