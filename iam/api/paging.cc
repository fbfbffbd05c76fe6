// SPDX-License-Identifier: MIT
#include "iam/api/paging.h"

#include <algorithm>

#include "base/codec.h"
#include "iam/api/errors.h"
#include "iam/api/parameters.h"

namespace imdsd::iam::api {
namespace {

// Tells a marker of ours from other base64.
constexpr std::string_view kMarkerStart = "after:";

}  // namespace

aws::Outcome<PageRequest> read_page(const Call& call) {
  PageRequest page;
  page.limit = static_cast<std::size_t>(
      read_integer(call.parameters, "MaxItems", static_cast<std::int32_t>(kDefaultPage)));
  const auto marker = call.parameters.get("Marker");
  if (!marker || marker->empty()) return page;
  const auto decoded = base::base64_decode(*marker);
  if (!decoded || !decoded->starts_with(kMarkerStart) || decoded->size() == kMarkerStart.size()) {
    return validation_error("Invalid Marker.");
  }
  page.after = decoded->substr(kMarkerStart.size());
  return page;
}

std::string make_marker(std::string_view key) {
  return base::base64_encode(std::string(kMarkerStart).append(key));
}

Page page_of(const std::vector<PageItem>& items, const PageRequest& request) {
  const auto first = std::partition_point(items.begin(), items.end(), [&](const PageItem& item) {
    return !request.after.empty() && item.key <= request.after;
  });
  const auto rest = std::span(items).subspan(static_cast<std::size_t>(first - items.begin()));
  return {rest.first(std::min(rest.size(), request.limit)), rest.size() > request.limit};
}

void write_members(Call& call, std::span<const PageItem> items) {
  for (const PageItem& item : items) {
    if (!item.write) {
      call.xml.leaf("member", item.key);
      continue;
    }
    call.xml.open("member");
    item.write(call.xml);
    call.xml.close();
  }
}

void write_page_end(Call& call, const Page& page) {
  call.xml.leaf("IsTruncated", page.truncated ? "true" : "false");
  if (page.truncated) call.xml.leaf("Marker", make_marker(page.items.back().key));
}

aws::Outcome<void> write_page(Call& call, std::string_view list,
                              const std::vector<PageItem>& items) {
  auto request = read_page(call);
  if (!request) return tl::unexpected(std::move(request).error());
  const Page page = page_of(items, *request);
  call.xml.open(list);
  write_members(call, page.items);
  call.xml.close();
  write_page_end(call, page);
  return {};
}

}  // namespace imdsd::iam::api
