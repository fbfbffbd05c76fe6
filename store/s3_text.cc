// SPDX-License-Identifier: MIT
#include "store/s3_text.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "aws/query_string.h"
#include "base/codec.h"
#include "s3/checksum.h"

namespace imdsd::store {
namespace {

using base::Result;

struct NamedHeader {
  std::string_view name;
  std::string s3::ContentHeaders::*member;
};
constexpr std::array<NamedHeader, 6> kHeaders{
    {{"content-type", &s3::ContentHeaders::content_type},
     {"content-encoding", &s3::ContentHeaders::content_encoding},
     {"content-language", &s3::ContentHeaders::content_language},
     {"content-disposition", &s3::ContentHeaders::content_disposition},
     {"cache-control", &s3::ContentHeaders::cache_control},
     {"expires", &s3::ContentHeaders::expires}}};

}  // namespace

tl::unexpected<base::Error> damaged(std::string_view column) {
  return base::fail(base::Errc::corrupt, "it is damaged (a value of the column `" +
                                             std::string(column) +
                                             "`); put a backup in its place, or move it away");
}

std::string encode_pairs(const Pairs& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) {
    if (!text.empty()) text += '&';
    text += base::percent_encode(name) + '=' + base::percent_encode(value);
  }
  return text;
}

Result<Pairs> decode_pairs(std::string_view text) {
  Pairs pairs;
  while (const auto pair = aws::next_parameter(text)) {
    auto name = base::percent_decode(pair->name), value = base::percent_decode(pair->value);
    if (!name || !value) return damaged("metadata");
    pairs.emplace_back(*std::move(name), *std::move(value));
  }
  return pairs;
}

std::string encode_tags(const s3::Tags& tags) {
  Pairs pairs;
  for (const iam::Tag& tag : tags) pairs.emplace_back(tag.key, tag.value);
  return encode_pairs(pairs);
}

Result<s3::Tags> decode_tags(std::string_view text) {
  IMDSD_TRY(Pairs pairs, decode_pairs(text));
  s3::Tags tags;
  for (auto& [key, value] : pairs) tags.push_back({std::move(key), std::move(value)});
  return tags;
}

std::string encode_headers(const s3::ContentHeaders& headers) {
  Pairs pairs;
  for (const NamedHeader& header : kHeaders) {
    const std::string& value = headers.*header.member;
    if (!value.empty()) pairs.emplace_back(header.name, value);
  }
  return encode_pairs(pairs);
}

Result<s3::ContentHeaders> decode_headers(std::string_view text) {
  IMDSD_TRY(Pairs pairs, decode_pairs(text));
  s3::ContentHeaders headers;
  for (auto& pair : pairs) {
    const auto* const header =
        std::find_if(kHeaders.begin(), kHeaders.end(),
                     [&](const NamedHeader& each) { return each.name == pair.first; });
    if (header == kHeaders.end()) return damaged("headers");
    headers.*header->member = std::move(pair.second);
  }
  return headers;
}

std::string encode_checksum(const std::optional<s3::Checksum>& checksum) {
  if (!checksum) return {};
  return std::string(s3::name_of(checksum->algorithm)) + ' ' +
         std::string(s3::name_of(checksum->type)) + ' ' + checksum->value;
}

Result<std::optional<s3::Checksum>> decode_checksum(std::string_view text) {
  if (text.empty()) return std::optional<s3::Checksum>();
  const auto first = text.find(' '), second = text.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) {
    return damaged("checksum");
  }
  const auto algorithm = s3::checksum_algorithm(text.substr(0, first));
  const auto type = s3::checksum_type(text.substr(first + 1, second - first - 1));
  if (!algorithm || !type) return damaged("checksum");
  return std::optional(s3::Checksum{*algorithm, *type, std::string(text.substr(second + 1))});
}

std::int64_t encode_time(base::SystemTime time) {
  return time.time_since_epoch().count();
}

base::SystemTime decode_time(std::int64_t microseconds) {
  return base::SystemTime(std::chrono::microseconds(microseconds));
}

}  // namespace imdsd::store
