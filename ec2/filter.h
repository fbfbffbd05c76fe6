// SPDX-License-Identifier: MIT
// Filter.N.Name and Filter.N.Value.N: all filters must match, by one of their values each; `*`
// stands for any run of characters, `?` for one, and `\` takes the meaning from what follows
// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html).
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ec2/call.h"
#include "ec2/errors.h"

namespace imdsd::ec2 {

class Filter {
 public:
  Filter(std::string name, const std::vector<std::string>& values);
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// By one of them.
  [[nodiscard]] bool matches(const std::vector<std::string>& values) const;

 private:
  std::string name_;
  std::vector<std::u16string> patterns_;  // symbols of iam/glob_match.h
};

/// One that an action has: what it compares of an item. Of a name that ends with `*` ("tag:*") the
/// rest, in a filter's own name, is handed over as well.
template <class Item>
struct FilterRow {
  std::string_view name;
  std::vector<std::string> (*values)(const Call& call, const Item& item, std::string_view rest);
};

/// The filters of a request, in wire order. InvalidParameterValue for one without a value.
[[nodiscard]] aws::Outcome<std::vector<Filter>> read_filters(const Call& call);

template <class Item>
[[nodiscard]] const FilterRow<Item>* find_filter(std::span<const FilterRow<Item>> rows,
                                                 std::string_view name) {
  const auto found = std::find_if(rows.begin(), rows.end(), [name](const FilterRow<Item>& row) {
    if (!row.name.ends_with('*')) return row.name == name;
    return name.size() >= row.name.size() &&
           name.starts_with(row.name.substr(0, row.name.size() - 1));
  });
  return found == rows.end() ? nullptr : &*found;
}

/// InvalidParameterValue for a filter that the action does not have.
template <class Item>
[[nodiscard]] aws::Outcome<std::vector<Filter>> read_filters(
    const Call& call, std::span<const FilterRow<Item>> rows) {
  auto filters = read_filters(call);
  if (!filters) return filters;
  for (const Filter& filter : *filters) {
    if (find_filter(rows, filter.name()) == nullptr) {
      return invalid_value("The filter '" + filter.name() + "' is invalid");
    }
  }
  return filters;
}

/// PRECONDITION: `filters` were read with these rows.
template <class Item>
[[nodiscard]] bool matches_all(const std::vector<Filter>& filters, const Call& call,
                               std::span<const FilterRow<Item>> rows, const Item& item) {
  return std::all_of(filters.begin(), filters.end(), [&](const Filter& filter) {
    const FilterRow<Item>& row = *find_filter(rows, filter.name());
    const std::size_t fixed = row.name.ends_with('*') ? row.name.size() - 1 : row.name.size();
    return filter.matches(row.values(call, item, std::string_view(filter.name()).substr(fixed)));
  });
}

}  // namespace imdsd::ec2
