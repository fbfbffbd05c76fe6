// SPDX-License-Identifier: MIT
#include "ec2/filter.h"

#include <utility>

#include "ec2/parameters.h"
#include "iam/glob_match.h"

namespace imdsd::ec2 {
namespace {

std::u16string symbols_of(std::string_view value) {
  std::u16string symbols;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) {
      symbols.push_back(static_cast<unsigned char>(value[++i]));
    } else if (value[i] == '*') {
      symbols.push_back(iam::kAnyRun);
    } else if (value[i] == '?') {
      symbols.push_back(iam::kAnyOne);
    } else {
      symbols.push_back(static_cast<unsigned char>(value[i]));
    }
  }
  return symbols;
}

}  // namespace

Filter::Filter(std::string name, const std::vector<std::string>& values) : name_(std::move(name)) {
  for (const std::string& value : values) patterns_.push_back(symbols_of(value));
}

bool Filter::matches(const std::vector<std::string>& values) const {
  return std::any_of(values.begin(), values.end(), [this](const std::string& value) {
    return std::any_of(patterns_.begin(), patterns_.end(), [&value](const auto& pattern) {
      return iam::matches_symbols(pattern, value, false);
    });
  });
}

aws::Outcome<std::vector<Filter>> read_filters(const Call& call) {
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html#filtering-the-cli
  constexpr std::size_t kMaxValues = 200;
  std::vector<Filter> filters;
  for (const aws::QueryParameters& each : call.parameters().numbered("Filter")) {
    const std::string name(each.get("Name").value_or(""));
    const auto values = numbered_texts(each, "Value");
    if (name.empty()) return missing_parameter("Filter.Name");
    if (values.empty()) return invalid_value("The filter '" + name + "' has no values");
    if (values.size() > kMaxValues) {
      return invalid_value("The maximum number of filter values specified on a single call is 200");
    }
    filters.emplace_back(name, values);
  }
  return filters;
}

}  // namespace imdsd::ec2
