// SPDX-License-Identifier: MIT
#include "iam/api/tagging.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/codec.h"
#include "iam/api/errors.h"
#include "iam/api/paging.h"
#include "iam/api/parameters.h"

namespace imdsd::iam::api {
namespace {

constexpr std::size_t kMaxTags = 50;

bool are_same_key(std::string_view a, std::string_view b, TagCase tag_case) {
  return tag_case == TagCase::ignored ? base::equals_ignoring_case(a, b) : a == b;
}

Failure duplicate_keys(TagCase tag_case) {
  const std::string message = "Duplicate tag keys found.";
  return invalid_input(tag_case == TagCase::kept
                           ? message
                           : message + " Please note that Tag keys are case insensitive.");
}

}  // namespace

aws::Outcome<std::vector<Tag>> new_tags(const Call& call, TagCase tag_case) {
  std::vector<Tag> tags;
  if (auto added = add_tags(call, tag_case, tags); !added) {
    return tl::unexpected(std::move(added).error());
  }
  return tags;
}

aws::Outcome<void> add_tags(const Call& call, TagCase tag_case, std::vector<Tag>& tags) {
  std::set<std::string> seen;
  for (Tag& tag : read_tags(call.parameters)) {
    if (!seen.insert(tag_case == TagCase::ignored ? base::to_lower(tag.key) : tag.key).second) {
      return duplicate_keys(tag_case);
    }
    const auto found = std::find_if(tags.begin(), tags.end(), [&](const Tag& other) {
      return are_same_key(other.key, tag.key, tag_case);
    });
    if (found == tags.end()) {
      tags.push_back(std::move(tag));
    } else {
      *found = std::move(tag);
    }
  }
  if (tags.size() > kMaxTags) {
    return limit_exceeded("The number of tags has reached the maximum limit.");
  }
  return {};
}

void remove_tags(const Call& call, TagCase tag_case, std::vector<Tag>& tags) {
  for (const std::string& key : read_strings(call.parameters, "TagKeys")) {
    std::erase_if(tags, [&](const Tag& tag) { return are_same_key(tag.key, key, tag_case); });
  }
}

aws::Outcome<void> write_tag_page(Call& call, const std::vector<Tag>& tags) {
  std::vector<PageItem> items;
  for (const Tag& tag : tags) {
    items.push_back({tag.key, [&tag](base::XmlWriter& xml) {
                       xml.leaf("Key", tag.key).leaf("Value", tag.value);
                     }});
  }
  std::sort(items.begin(), items.end(),
            [](const PageItem& a, const PageItem& b) { return a.key < b.key; });
  return write_page(call, "Tags", items);
}

}  // namespace imdsd::iam::api
