// SPDX-License-Identifier: MIT
// Lists in pages: Marker and MaxItems in, IsTruncated and Marker out
// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html).
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iam/api/call.h"

namespace imdsd::iam::api {

inline constexpr std::size_t kDefaultPage = 100;

/// Where a page begins and how long it may be.
struct PageRequest {
  std::string after;  // key of the last item of the page before; empty: the first page
  std::size_t limit = kDefaultPage;
};

/// ValidationError "Invalid Marker." for one that we did not make.
[[nodiscard]] aws::Outcome<PageRequest> read_page(const Call& call);

/// Marker, for a page whose last item has this key.
[[nodiscard]] std::string make_marker(std::string_view key);

/// One item of a list: its key, which orders the list, and how what is inside its <member> is
/// written; without that, the member is the key itself.
struct PageItem {
  std::string key;
  std::function<void(base::XmlWriter&)> write = nullptr;
};

struct Page {
  std::span<const PageItem> items;
  bool truncated = false;
};

/// The items behind the page's beginning up to its limit. `items` in the order of their keys.
[[nodiscard]] Page page_of(const std::vector<PageItem>& items, const PageRequest& request);
/// Each item in a <member>.
void write_members(Call& call, std::span<const PageItem> items);
/// IsTruncated, and Marker.
void write_page_end(Call& call, const Page& page);

/// Writes <{list}>, the items behind the page's beginning up to its limit each in a <member>,
/// </{list}>, IsTruncated, and Marker. `items` in the order of their keys.
[[nodiscard]] aws::Outcome<void> write_page(Call& call, std::string_view list,
                                            const std::vector<PageItem>& items);

/// The same of all entities of the caller's account whose path begins with PathPrefix, without
/// going through all of them for each page.
template <class T>
[[nodiscard]] aws::Outcome<void> write_entity_page(
    Call& call, std::string_view list,
    const std::function<void(base::XmlWriter&, const T&)>& write) {
  auto page = read_page(call);
  if (!page) return tl::unexpected(std::move(page).error());
  const std::string prefix = call.text("PathPrefix");
  std::size_t written = 0;
  std::string last;
  bool truncated = false;
  call.xml.open(list);
  call.directory->all<T>().visit(call.account(), page->after,
                                 [&](const std::shared_ptr<const T>& entity) {
                                   if (!std::string_view(entity->path).starts_with(prefix))
                                     return true;
                                   truncated = written == page->limit;
                                   if (truncated) return false;
                                   call.xml.open("member");
                                   write(call.xml, *entity);
                                   call.xml.close();
                                   last = entity->name;
                                   ++written;
                                   return true;
                                 });
  call.xml.close().leaf("IsTruncated", truncated ? "true" : "false");
  if (truncated) call.xml.leaf("Marker", make_marker(last));
  return {};
}

}  // namespace imdsd::iam::api
