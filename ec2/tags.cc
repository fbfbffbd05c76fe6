// SPDX-License-Identifier: MIT
#include "ec2/tags.h"

#include <algorithm>

#include "aws/parameter_check.h"
#include "ec2/errors.h"

namespace imdsd::ec2 {
namespace {

using aws::Outcome;

constexpr std::size_t kMaxTags = 50, kMaxKey = 128, kMaxValue = 256;

bool is_metadata_key(std::string_view key) {
  return key != "." && key != ".." && key != "_index" && aws::is_word_or(key, "-+=,.@:");
}

Outcome<void> check_tag(const std::string& key, const std::string& value) {
  if (key.empty()) return invalid_value("Tag keys cannot be empty.");
  if (key.starts_with("aws:")) {
    return invalid_value("Tag keys starting with 'aws:' are reserved for internal use");
  }
  if (aws::character_count(key) > kMaxKey) {
    return invalid_value("Tag key exceeds the maximum length of 128 characters");
  }
  if (aws::character_count(value) > kMaxValue) {
    return invalid_value("Tag value exceeds the maximum length of 256 characters");
  }
  return {};
}

}  // namespace

Outcome<Tags> read_tags(const aws::QueryParameters& parameters) {
  Tags tags;
  for (const aws::QueryParameters& each : parameters.numbered("Tag")) {
    const std::string key(each.get("Key").value_or("")), value(each.get("Value").value_or(""));
    if (auto checked = check_tag(key, value); !checked) {
      return tl::unexpected(std::move(checked).error());
    }
    set_tag(tags, key, value);
  }
  return tags;
}

Outcome<void> check_tags(const Tags& tags, bool in_metadata) {
  if (tags.size() > kMaxTags) {
    return aws::service_error(400, "TagLimitExceeded",
                              "The maximum number of Tags for a resource has been reached.");
  }
  if (!in_metadata) return {};
  for (const auto& [key, value] : tags) {
    if (is_metadata_key(key)) continue;
    return invalid_value("'" + key +
                         "' is not a valid tag key. Tag keys must match pattern "
                         "([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not be a reserved name ('.', "
                         "'..', '_index')");
  }
  return {};
}

void set_tag(Tags& tags, const std::string& key, const std::string& value) {
  const auto same = [&key](const auto& tag) { return tag.first == key; };
  const auto found = std::find_if(tags.begin(), tags.end(), same);
  if (found == tags.end()) {
    tags.emplace_back(key, value);
  } else {
    found->second = value;
  }
}

}  // namespace imdsd::ec2
