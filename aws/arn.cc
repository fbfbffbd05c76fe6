// SPDX-License-Identifier: MIT
#include "aws/arn.h"

#include <algorithm>
#include <array>

#include "base/codec.h"

namespace imdsd::aws {
namespace {

constexpr std::size_t kMaxArnBytes = 2048;  // IAM's arnType
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-";

bool is_name(std::string_view text) {
  return text.find_first_not_of(kNameCharacters) == std::string_view::npos;
}

// Twelve digits; a word where AWS itself is the owner (arn:aws:iam::aws:policy/…,
// arn:aws:iam::cloudfront:user/…); or nothing.
bool is_account(std::string_view text) {
  if (text.empty()) return true;
  if (text[0] >= 'a' && text[0] <= 'z') return is_name(text);
  return text.size() == 12 && text.find_first_not_of(kDigits) == std::string_view::npos;
}

bool is_resource(std::string_view text) {
  const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  return !text.empty() && !has_control && base::is_valid_utf8(text);
}

tl::unexpected<base::Error> not_an_arn(std::string_view text, std::string_view reason) {
  return base::fail(base::Errc::invalid_argument,
                    "`" + std::string(text) + "` is not an ARN: " + std::string(reason));
}

}  // namespace

base::Result<Arn> Arn::parse(std::string_view text) {
  if (text.size() > kMaxArnBytes) {
    return base::fail(base::Errc::too_large, "an ARN has at most 2048 bytes");
  }
  std::array<std::string_view, 5> part;  // arn, partition, service, region, account
  std::string_view rest = text;
  for (auto& field : part) {
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return not_an_arn(text, "fewer than six parts");
    field = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  const auto& [prefix, partition, service, region, account] = part;
  if (prefix != "arn") return not_an_arn(text, "it begins with `arn:`");
  if (partition.empty() || !is_name(partition)) return not_an_arn(text, "bad partition");
  if (service.empty() || !is_name(service)) return not_an_arn(text, "bad service");
  if (!is_name(region)) return not_an_arn(text, "bad region");
  if (!is_account(account)) return not_an_arn(text, "bad account");
  if (!is_resource(rest)) return not_an_arn(text, "bad resource");
  return Arn{std::string(partition), std::string(service), std::string(region),
             std::string(account), std::string(rest)};
}

std::string Arn::to_string() const {
  std::string out = "arn:";
  out.reserve(16 + partition.size() + service.size() + region.size() + account.size() +
              resource.size());
  for (const std::string* field : {&partition, &service, &region, &account}) {
    out.append(*field).push_back(':');
  }
  return out += resource;
}

}  // namespace imdsd::aws
