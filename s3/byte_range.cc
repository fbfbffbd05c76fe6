// SPDX-License-Identifier: MIT
#include "s3/byte_range.h"

#include <algorithm>
#include <charconv>

#include "base/codec.h"
#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

/// Digits alone. Nothing for more than 64 bits: such a position is behind every object.
std::optional<std::uint64_t> parse_position(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return UINT64_MAX;
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number ? std::optional(value) : std::nullopt;
}

/// `first-last`, `first-` or `-length`.
struct RangeText {
  std::optional<std::uint64_t> first, last;
};

std::optional<RangeText> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view first = base::trim(text.substr(0, dash));
  const std::string_view last = base::trim(text.substr(dash + 1));
  RangeText out{parse_position(first), parse_position(last)};
  const bool is_wrong = (!first.empty() && !out.first) || (!last.empty() && !out.last) ||
                        (!out.first && !out.last) ||
                        (out.first && out.last && *out.first > *out.last);
  return is_wrong ? std::nullopt : std::optional(out);
}

tl::unexpected<aws::S3Error> not_satisfiable(std::string_view header, std::uint64_t size) {
  return tl::unexpected(aws::S3Error{
      416,
      "InvalidRange",
      "The requested range is not satisfiable",
      {{"RangeRequested", std::string(header)}, {"ActualObjectSize", std::to_string(size)}}});
}

constexpr std::string_view kUnit = "bytes=";

}  // namespace

aws::S3Outcome<std::optional<ByteRange>> resolve_range(std::string_view header,
                                                       std::uint64_t size) {
  if (!header.starts_with(kUnit)) return std::optional<ByteRange>();
  const auto range = parse_range(header.substr(kUnit.size()));
  if (!range) return std::optional<ByteRange>();
  if (!range->first) {
    if (*range->last == 0 || size == 0) return not_satisfiable(header, size);
    return std::optional(ByteRange{size - std::min(size, *range->last), size - 1});
  }
  if (*range->first >= size) return not_satisfiable(header, size);
  return std::optional(ByteRange{*range->first, std::min(range->last.value_or(size), size - 1)});
}

std::string content_range(const ByteRange& range, std::uint64_t size) {
  return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/" +
         std::to_string(size);
}

aws::S3Outcome<ByteRange> parse_copy_source_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view kName = "x-amz-copy-source-range";
  const auto range = header.starts_with(kUnit) ? parse_range(header.substr(kUnit.size()))
                                               : std::optional<RangeText>();
  if (!range || !range->first || !range->last) {
    return tl::unexpected(invalid_argument(
        kName, header,
        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and "
        "last are the zero-based offsets of the first and last bytes to copy"));
  }
  if (*range->last >= size) {
    return tl::unexpected(invalid_argument(
        kName, header,
        "Range specified is not valid for source object of size: " + std::to_string(size)));
  }
  return ByteRange{*range->first, *range->last};
}

}  // namespace imdsd::s3
