// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "iam/api/call.h"
#include "iam/api/change.h"

namespace imdsd::iam::api {

/// Whether `Team` and `team` are one key: of users and roles, but of nothing else that IAM tags
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html).
enum class TagCase { ignored, kept };

template <class T>
inline constexpr TagCase kTagCase =
    std::is_same_v<T, User> || std::is_same_v<T, Role> ? TagCase::ignored : TagCase::kept;

/// Tags of the request for a new entity. InvalidInput for a key that is there twice.
[[nodiscard]] aws::Outcome<std::vector<Tag>> new_tags(const Call& call, TagCase tag_case);

/// Sets the request's tags on top of `tags`; at most 50 in all.
[[nodiscard]] aws::Outcome<void> add_tags(const Call& call, TagCase tag_case,
                                          std::vector<Tag>& tags);
/// Removes those that TagKeys names; others are no error.
void remove_tags(const Call& call, TagCase tag_case, std::vector<Tag>& tags);
/// A page of tags, in the order of their keys.
[[nodiscard]] aws::Outcome<void> write_tag_page(Call& call, const std::vector<Tag>& tags);

// TagX, UntagX and ListXTags of the entity that `find` finds.

template <class T, Found<T> (*find)(const Call&, const Directory&)>
[[nodiscard]] aws::Outcome<void> tag_entity(Call& call) {
  return change_entity<T>(call, find, [&](T& entity, Transaction&) {
    return add_tags(call, kTagCase<T>, entity.tags);
  });
}

template <class T, Found<T> (*find)(const Call&, const Directory&)>
[[nodiscard]] aws::Outcome<void> untag_entity(Call& call) {
  return change_entity<T>(call, find, [&](T& entity, Transaction&) -> aws::Outcome<void> {
    remove_tags(call, kTagCase<T>, entity.tags);
    return {};
  });
}

template <class T, Found<T> (*find)(const Call&, const Directory&)>
[[nodiscard]] aws::Outcome<void> list_entity_tags(Call& call) {
  auto entity = find(call, *call.directory);
  if (!entity) return tl::unexpected(std::move(entity).error());
  return write_tag_page(call, (*entity)->tags);
}

}  // namespace imdsd::iam::api
