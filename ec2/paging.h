// SPDX-License-Identifier: MIT
// Lists in pages: MaxResults and NextToken in, nextToken out
// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination).
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ec2/call.h"

namespace imdsd::ec2 {

struct PageRequest {
  std::string after;  // key of the last item of the page before; empty: the first page
  std::size_t limit;
};

/// InvalidParameterValue for a MaxResults below 5, InvalidNextToken for a token that we did not
/// make. Above 1,000, and without a limit, 1,000.
[[nodiscard]] aws::Outcome<PageRequest> read_page(const Call& call);

/// InvalidParameterCombination for MaxResults together with the ids of what is asked for.
[[nodiscard]] aws::Outcome<void> check_no_page(const Call& call, const std::string& ids);

/// <nextToken>, for a page whose last item has this key; nothing for an empty one.
void write_next_token(const Call& call, const std::string& last);

template <class Item>
struct Page {
  std::vector<Item> items;
  std::string last;  // key of the last one, when more follow
};

/// Of sorted keys those behind the page's beginning that `read` has an item for, up to the limit.
template <class Item, class Read>
[[nodiscard]] Page<Item> collect_page(const std::vector<std::string>& keys,
                                      const PageRequest& request, const Read& read) {
  Page<Item> page;
  std::string last;
  for (auto key = std::upper_bound(keys.begin(), keys.end(), request.after); key != keys.end();
       ++key) {
    std::optional<Item> item = read(*key);
    if (!item) continue;
    if (page.items.size() == request.limit) {
      page.last = std::move(last);
      break;
    }
    page.items.push_back(*std::move(item));
    last = *key;
  }
  return page;
}

}  // namespace imdsd::ec2
