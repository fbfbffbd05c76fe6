// SPDX-License-Identifier: MIT
#include "daemon/config_tags.h"

#include <cstddef>
#include <string>

#include "aws/parameter_check.h"
#include "aws/tag_text.h"
#include "daemon/config_values.h"

namespace imdsd::daemon {
namespace {

/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
auto tag_text(std::size_t least, std::size_t most) {
  return [least, most](const ConfigNode& node) -> base::Result<std::string> {
    const std::size_t count = aws::character_count(node.string);
    if (count >= least && count <= most && aws::is_tag_text(node.string)) return node.string;
    return base::fail(base::Errc::invalid_argument,
                      "must be " + std::to_string(least) + " to " + std::to_string(most) +
                          " letters, digits, spaces and `_.:/=+-@`" + got(node.string));
  };
}

}  // namespace

std::vector<iam::Tag> read_iam_tags(const ConfigSection& entity) {
  std::vector<iam::Tag> out;
  for (const auto& item : entity.sections("tags")) {
    iam::Tag tag;
    item.read_required("key", tag.key, tag_text(1, 128));
    item.read_required("value", tag.value, tag_text(0, 256));
    out.push_back(std::move(tag));
  }
  return out;
}

}  // namespace imdsd::daemon
