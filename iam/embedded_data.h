// SPDX-License-Identifier: MIT
// The data files of iam/data/, linked into the program. For iam/ only.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace imdsd::iam {

/// iam/data/managed_policies.tsv
[[nodiscard]] std::string_view managed_policies_text();
/// iam/data/actions.tsv
[[nodiscard]] std::string_view actions_text();

/// The parts of `text` between separators; of an empty text none.
[[nodiscard]] std::vector<std::string_view> split_fields(std::string_view text, char separator);

/// Calls `take` with the fields of each line that is no comment. Every line ends with a line feed.
template <class Take>
void for_each_row(std::string_view text, Take take) {
  for (std::size_t end = 0; (end = text.find('\n')) != std::string_view::npos;
       text.remove_prefix(end + 1)) {
    const std::string_view line = text.substr(0, end);
    if (!line.starts_with('#')) take(split_fields(line, '\t'));
  }
}

}  // namespace imdsd::iam
