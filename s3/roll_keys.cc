// SPDX-License-Identifier: MIT
#include "s3/roll_keys.h"

#include <algorithm>

namespace imdsd::s3 {

std::optional<std::string_view> common_prefix(std::string_view key, std::string_view prefix,
                                              std::string_view delimiter) {
  if (delimiter.empty()) return std::nullopt;
  const auto at = key.find(delimiter, prefix.size());
  if (at == std::string_view::npos) return std::nullopt;
  return key.substr(0, at + delimiter.size());
}

std::optional<std::string> behind_prefix(std::string_view prefix) {
  constexpr char kLast = '\xFF';
  const auto end = prefix.find_last_not_of(kLast);
  if (end == std::string_view::npos) return std::nullopt;
  std::string behind(prefix.substr(0, end + 1));
  behind.back() = static_cast<char>(static_cast<unsigned char>(behind.back()) + 1);
  return behind;
}

std::string first_key(std::string_view prefix, std::string_view after, std::string_view from) {
  std::string first(std::max(prefix, from));
  if (!after.empty() && after >= first) {
    first = after;
    first.push_back('\0');  // nothing stands between a text and this one
  }
  return first;
}

namespace {

std::string_view or_nothing(std::optional<std::string_view> text) {
  return text.value_or(std::string_view());
}

}  // namespace

RollRange roll_range(const ObjectQuery& query) {
  RollRange range{query.prefix, query.delimiter, {}, query.max};
  if (query.past_prefix_of_after && query.after.starts_with(query.prefix)) {
    range.told = or_nothing(common_prefix(query.after, query.prefix, query.delimiter));
  }
  return range;
}

RollRange roll_range(const UploadQuery& query) {
  RollRange range{query.prefix, query.delimiter, {}, query.max};
  if (query.key_marker.starts_with(query.prefix)) {
    range.told = or_nothing(common_prefix(query.key_marker, query.prefix, query.delimiter));
  }
  return range;
}

std::pair<std::string, std::string> first_upload(const UploadQuery& query) {
  if (query.upload_id_marker.empty() || query.key_marker < query.prefix) {
    return {first_key(query.prefix, query.key_marker, {}), {}};
  }
  return {query.key_marker, query.upload_id_marker + '\0'};
}

std::string next_marker(const ObjectPage& page) {
  const std::string key = page.objects.empty() ? "" : page.objects.back().key;
  return page.common_prefixes.empty() ? key : std::max(key, page.common_prefixes.back());
}

void set_next_markers(UploadPage& page, bool truncated) {
  page.truncated = truncated;
  if (!truncated) return;
  const std::string_view prefix =
      page.common_prefixes.empty() ? std::string_view() : page.common_prefixes.back();
  if (!page.uploads.empty() && page.uploads.back().key >= prefix) {
    page.next_key_marker = page.uploads.back().key;
    page.next_upload_id_marker = page.uploads.back().id;
  } else {
    page.next_key_marker = prefix;
  }
}

}  // namespace imdsd::s3
