// SPDX-License-Identifier: MIT
// Common prefixes, as S3 makes them of a prefix and a delimiter. The keys of one are passed over in
// one seek, so that a page costs what is on it, and not what is rolled up.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "s3/listing.h"

namespace imdsd::s3 {

/// The common prefix of `key`, which begins with `prefix`: through the first delimiter behind that.
/// Nothing where there is none.
[[nodiscard]] std::optional<std::string_view> common_prefix(std::string_view key,
                                                            std::string_view prefix,
                                                            std::string_view delimiter);

/// The least text behind all that begin with `prefix`; nothing when there cannot be one.
[[nodiscard]] std::optional<std::string> behind_prefix(std::string_view prefix);

/// Where a page of keys begins: behind `after`, and not before `from`; an empty text is no bound. A
/// key is at or behind the result.
[[nodiscard]] std::string first_key(std::string_view prefix, std::string_view after,
                                    std::string_view from);

struct RollRange {
  std::string_view prefix, delimiter;
  std::string_view told;  // a common prefix that is not told again; empty: none
  std::size_t max = 0;    // keys and common prefixes together
};
/// They point into `query`.
[[nodiscard]] RollRange roll_range(const ObjectQuery& query);
[[nodiscard]] RollRange roll_range(const UploadQuery& query);

/// Key and upload id of the first place on the page.
[[nodiscard]] std::pair<std::string, std::string> first_upload(const UploadQuery& query);
/// NextMarker of ListObjects: the last key or common prefix of the page.
[[nodiscard]] std::string next_marker(const ObjectPage& page);
/// The same of a page of uploads that is filled otherwise.
void set_next_markers(UploadPage& page, bool truncated);

/// Walks from where `cursor` stands. It has `key()`, a std::optional<std::string_view>, nothing at
/// the end of the list; `next()`; and `seek(text)`, to the first key that is not less; both give a
/// base::Result<void>. Calls `on_key()` and `on_prefix(std::string_view)`. The first key that had
/// no place on the page; nothing at the end of the list.
template <class Cursor, class OnKey, class OnPrefix>
[[nodiscard]] base::Result<std::optional<std::string>> roll_keys(Cursor& cursor,
                                                                 const RollRange& range,
                                                                 OnKey on_key, OnPrefix on_prefix) {
  std::size_t count = 0;
  std::string rolled;
  while (range.max > 0) {
    const std::optional<std::string_view> key = cursor.key();
    if (!key || !key->starts_with(range.prefix)) break;
    const auto prefix = common_prefix(*key, range.prefix, range.delimiter);
    const bool told = prefix && !range.told.empty() && *prefix == range.told;
    if (!told && count++ == range.max) return std::optional(std::string(*key));
    if (!prefix) {
      on_key();
      IMDSD_TRY_VOID(cursor.next());
      continue;
    }
    rolled = *prefix;  // the cursor's own text goes with the next step
    if (!told) on_prefix(rolled);
    const auto behind = behind_prefix(rolled);
    if (!behind) break;
    IMDSD_TRY_VOID(cursor.seek(*behind));
  }
  return std::optional<std::string>();
}

}  // namespace imdsd::s3
