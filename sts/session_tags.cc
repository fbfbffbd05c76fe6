// SPDX-License-Identifier: MIT
#include "sts/session_tags.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/codec.h"
#include "base/utf8.h"
#include "sts/parameter_rules.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::ServiceError;

constexpr std::string_view kReserved = "aws:";

std::vector<iam::Tag> read_tags(const aws::QueryParameters& parameters) {
  std::vector<iam::Tag> out;
  for (const auto& member : parameters.list("Tags")) {
    out.push_back({std::string(member.get("Key").value_or("")),
                   std::string(member.get("Value").value_or(""))});
  }
  return out;
}

std::vector<std::string> read_transitive_keys(const aws::QueryParameters& parameters) {
  std::vector<std::string> out;
  for (const auto& member : parameters.list("TransitiveTagKeys")) {
    out.emplace_back(member.get("").value_or(""));
  }
  return out;
}

ServiceError invalid(std::string message) {
  return {400, "InvalidParameterValue", std::move(message)};
}

bool is_reserved(std::string_view key) {
  return base::equals_ignoring_case(key.substr(0, kReserved.size()), kReserved);
}

bool contains(const std::vector<std::string>& keys, std::string_view key) {
  return std::any_of(keys.begin(), keys.end(), [&](const std::string& other) {
    return base::equals_ignoring_case(other, key);
  });
}

void check_text(aws::TextRule rule, const std::string& member, std::string_view value,
                aws::ParameterCheck& check) {
  rule.member = member;
  check.text(rule, value);
}

}  // namespace

void SessionTags::check(const aws::QueryParameters& parameters, aws::ParameterCheck& check) {
  SessionTags::check(read_tags(parameters), read_transitive_keys(parameters), check);
}

void SessionTags::check(const std::vector<iam::Tag>& tags,
                        const std::vector<std::string>& transitive_keys,
                        aws::ParameterCheck& check) {
  if (tags.size() > kMaxSessionTags) check.longer_than("tags", kMaxSessionTags);
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const std::string at = "tags." + std::to_string(i + 1) + ".member.";
    check_text(kTagKeyRule, at + "key", tags[i].key, check);
    check_text(kTagValueRule, at + "value", tags[i].value, check);
  }
  if (transitive_keys.size() > kMaxSessionTags) {
    check.longer_than("transitiveTagKeys", kMaxSessionTags);
  }
  for (std::size_t i = 0; i < transitive_keys.size(); ++i) {
    check_text(kTagKeyRule, "transitiveTagKeys." + std::to_string(i + 1) + ".member",
               transitive_keys[i], check);
  }
}

Outcome<SessionTags> SessionTags::parse(const aws::QueryParameters& parameters) {
  return make(read_tags(parameters), read_transitive_keys(parameters));
}

Outcome<SessionTags> SessionTags::make(std::vector<iam::Tag> tags,
                                       const std::vector<std::string>& transitive) {
  SessionTags out;
  std::set<std::string> seen;
  for (iam::Tag& tag : tags) {
    if (is_reserved(tag.key)) {
      return tl::unexpected(
          invalid("aws: prefixed tag key names are not allowed for external use."));
    }
    if (!seen.insert(base::to_lower(tag.key)).second) {
      return tl::unexpected(
          invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive."));
    }
    out.requested_.push_back(tag.key);
    out.tags_.emplace(std::move(tag.key), std::move(tag.value));
  }
  for (const std::string& key : transitive) {
    if (seen.count(base::to_lower(key)) == 0) {
      return tl::unexpected(
          invalid("The specified transitive tag key must be included in the requested tags."));
    }
    if (!contains(out.transitive_, key)) out.transitive_.push_back(key);
  }
  return out;
}

std::optional<ServiceError> SessionTags::inherit(const iam::Session& from) {
  for (const std::string& key : from.transitive_tag_keys) {
    if (has(key)) {
      return invalid(
          "One of the specified transitive tag keys can't be set because it conflicts with a "
          "transitive tag key from the calling session.");
    }
  }
  for (const auto& [key, value] : from.tags) {
    if (!contains(from.transitive_tag_keys, key)) continue;
    tags_.emplace(key, value);
    transitive_.push_back(key);
    ++inherited_transitive_;
  }
  return std::nullopt;
}

void SessionTags::add_request_keys(iam::ConditionKeys& keys) const {
  if (requested_.empty()) return;
  for (const std::string& key : requested_) keys.set("aws:RequestTag/" + key, tags_.at(key));
  keys.set("aws:TagKeys", requested_);
  const auto end = transitive_.end() - static_cast<std::ptrdiff_t>(inherited_transitive_);
  if (end != transitive_.begin()) {
    keys.set("sts:TransitiveTagKeys", iam::ConditionKeys::Values(transitive_.begin(), end));
  }
}

void SessionTags::describe(iam::Session& session) && {
  session.tags = std::move(tags_);
  session.transitive_tag_keys = std::move(transitive_);
}

bool SessionTags::has(std::string_view key) const {
  return contains(requested_, key);
}

}  // namespace imdsd::sts
