// SPDX-License-Identifier: MIT
#include "aws/ids.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "base/codec.h"

namespace imdsd::aws {
namespace {

constexpr std::size_t kAccountDigits = 12;
constexpr std::uint64_t kAccounts = 1'000'000'000'000;
constexpr unsigned kRandomBits = 39;
constexpr std::size_t kPrefixLetters = 4;
constexpr std::size_t kKeyIdLetters = 20;
constexpr std::size_t kUniqueIdLetters = 21;
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// In the order of IdPrefix.
constexpr std::array<std::string_view, 7> kMadePrefixes = {"AKIA", "ASIA", "AROA", "AIDA",
                                                           "AIPA", "AGPA", "ANPA"};
// The other unique ids AWS documents; we only read them.
constexpr std::array<std::string_view, 5> kReadPrefixes = {"ABIA", "ACCA", "ANVA", "APKA", "ASCA"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::uint64_t number_of(const AccountId& account) {
  std::uint64_t number = 0;
  for (const char digit : account.text()) {
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return number;
}

// The ten bytes, most significant first: 1, the account in 40 bits, 39 bits of randomness.
std::string encode_body(const AccountId& account, base::Random& random) {
  const std::uint64_t number = number_of(account);
  const std::uint64_t noise = random.next_u64() & ((std::uint64_t{1} << kRandomBits) - 1);
  const std::uint64_t low = number << kRandomBits | noise;
  const std::uint64_t high = std::uint64_t{1} << 15 | number >> (64 - kRandomBits);
  std::string bytes;
  bytes.push_back(static_cast<char>(high >> 8));
  bytes.push_back(static_cast<char>(high & 0xFF));
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(low >> shift & 0xFF));
  }
  return base::base32_encode(bytes);
}

bool is_key_prefix(std::string_view prefix) {
  return prefix == "AKIA" || prefix == "ASIA";
}

bool is_known_prefix(std::string_view prefix) {
  return std::find(kMadePrefixes.begin(), kMadePrefixes.end(), prefix) != kMadePrefixes.end() ||
         std::find(kReadPrefixes.begin(), kReadPrefixes.end(), prefix) != kReadPrefixes.end();
}

}  // namespace

base::Result<AccountId> AccountId::parse(std::string_view text) {
  if (text.size() != kAccountDigits || !std::all_of(text.begin(), text.end(), is_digit)) {
    return base::fail(base::Errc::invalid_argument,
                      "`" + std::string(text) + "` is not an account id: twelve digits");
  }
  return AccountId(std::string(text));
}

std::string_view to_string(IdPrefix prefix) noexcept {
  return kMadePrefixes[static_cast<std::size_t>(prefix)];
}

std::string make_access_key_id(IdPrefix prefix, const AccountId& account, base::Random& random) {
  assert(is_key_prefix(to_string(prefix)));
  return std::string(to_string(prefix)) + encode_body(account, random);
}

std::string make_unique_id(IdPrefix prefix, const AccountId& account, base::Random& random) {
  assert(!is_key_prefix(to_string(prefix)));
  std::string id = std::string(to_string(prefix)) + encode_body(account, random);
  std::array<std::byte, 1> extra{};
  random.fill(extra);
  id.push_back(kBase32[std::to_integer<std::size_t>(extra[0]) & 31]);
  return id;
}

std::optional<AccountId> account_in_id(std::string_view id) {
  if (id.size() != kKeyIdLetters && id.size() != kUniqueIdLetters) return std::nullopt;
  const std::string_view prefix = id.substr(0, kPrefixLetters);
  if (!is_known_prefix(prefix) || is_key_prefix(prefix) != (id.size() == kKeyIdLetters) ||
      id.find_first_not_of(kBase32) != std::string_view::npos) {
    return std::nullopt;
  }
  const auto bytes = base::base32_decode(id.substr(kPrefixLetters, 16));
  if (!bytes || (static_cast<unsigned char>((*bytes)[0]) & 0x80) == 0) return std::nullopt;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 6; ++i)
    number = number << 8 | static_cast<unsigned char>((*bytes)[i]);
  number = (number & 0x7FFF'FFFF'FF80) >> 7;
  if (number >= kAccounts) return std::nullopt;
  std::string digits = std::to_string(number);
  digits.insert(0, kAccountDigits - digits.size(), '0');
  return *AccountId::parse(digits);
}

std::string make_secret_access_key(base::Random& random) {
  std::array<char, 30> bytes{};  // 240 bits are 40 characters without padding
  random.fill(std::as_writable_bytes(std::span(bytes)));
  return base::base64_encode({bytes.data(), bytes.size()});
}

std::string make_resource_id(std::string_view prefix, base::Random& random) {
  std::array<char, 8> bytes{};
  random.fill(std::as_writable_bytes(std::span(bytes)));
  return std::string(prefix) + "0" + base::hex_encode({bytes.data(), bytes.size()});
}

std::string make_uuid(base::Random& random) {
  std::array<char, 16> bytes{};
  random.fill(std::as_writable_bytes(std::span(bytes)));
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);  // RFC 9562 section 5.4: version 4,
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);  // variant 10
  std::string text = base::hex_encode({bytes.data(), bytes.size()});
  for (const std::size_t position : {20U, 16U, 12U, 8U}) text.insert(position, 1, '-');
  return text;
}

}  // namespace imdsd::aws
