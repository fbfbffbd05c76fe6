// SPDX-License-Identifier: MIT
#include "iam/ensure_run.h"

#include <algorithm>

#include "aws/arn.h"

namespace imdsd::iam {

void ensure_tags(const std::optional<std::vector<Tag>>& declared, std::vector<Tag>& tags) {
  if (!declared) return drop_undeclared(tags, [](const Tag&) { return false; });
  std::vector<Tag> next = *declared;
  for (Tag& tag : next) {
    const bool is_of_api = std::ranges::any_of(tags, [&](const Tag& before) {
      return before.key == tag.key && before.value == tag.value && before.origin == Origin::api;
    });
    tag.origin = is_of_api ? Origin::api : Origin::config;
  }
  tags = std::move(next);
}

bool EnsureRun::check(const Declarations::Named& declared, const std::string& label,
                      std::size_t longest_name, const std::string& key) {
  const std::size_t errors_before = errors_.size();
  if (!aws::AccountId::parse(declared.account)) {
    fail(label, "`" + declared.account + "` is not an account id");
  }
  if (!is_name(declared.name) || declared.name.size() > longest_name) {
    fail(label, "a name has 1 to " + std::to_string(longest_name) +
                    " letters, digits and characters of _+=,.@-");
  }
  if (declared.path && !is_path(*declared.path)) {
    fail(label, "path `" + *declared.path + "` does not begin and end with a slash");
  }
  if (!is_first(key)) fail(label, "declared twice");
  return errors_.size() == errors_before;
}

std::string EnsureRun::unique_id(const std::string& key, aws::IdPrefix prefix,
                                 const std::string& account) {
  const auto known = known_ids_.find(key);
  return known == known_ids_.end() ? transaction_.new_unique_id(prefix, account) : known->second;
}

}  // namespace imdsd::iam
