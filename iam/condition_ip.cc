// SPDX-License-Identifier: MIT
#include "iam/condition_ip.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace imdsd::iam {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

/// Four decimal numbers without leading zeros. By hand, for it is read at each IpAddress condition.
bool read_v4(std::string_view text, Cidr& out) {
  for (std::size_t part = 0; part < 4; ++part) {
    if (part > 0) {
      if (!text.starts_with('.')) return false;
      text.remove_prefix(1);
    }
    unsigned number = 0;
    std::size_t digits = 0;
    for (; digits < std::min<std::size_t>(text.size(), 3); ++digits) {
      if (text[digits] < '0' || text[digits] > '9') break;
      number = number * 10 + static_cast<unsigned>(text[digits] - '0');
    }
    if (digits == 0 || number > 255 || (digits > 1 && text[0] == '0')) return false;
    out.address[part] = static_cast<std::uint8_t>(number);
    text.remove_prefix(digits);
  }
  return text.empty();
}

bool read_address(std::string_view text, Cidr& out) {
  if (read_v4(text, out)) return true;
  out.address = {};
  std::array<char, INET6_ADDRSTRLEN> ending{};  // with a NUL, at which inet_pton stops
  if (text.size() >= ending.size() || text.find('\0') != std::string_view::npos) return false;
  std::copy(text.begin(), text.end(), ending.begin());
  out.v6 = inet_pton(AF_INET6, ending.data(), out.address.data()) == 1;
  return out.v6;
}

/// ::ffff:a.b.c.d/96+n is a.b.c.d/n.
void unmap(Cidr& cidr) {
  if (!cidr.v6 || cidr.bits < 96) return;
  if (!std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), cidr.address.begin())) return;
  std::copy(cidr.address.begin() + 12, cidr.address.end(), cidr.address.begin());
  std::fill(cidr.address.begin() + 4, cidr.address.end(), std::uint8_t{0});
  cidr.v6 = false;
  cidr.bits -= 96;
}

}  // namespace

std::optional<Cidr> Cidr::parse(std::string_view text) {
  Cidr cidr;
  const std::size_t slash = text.find('/');
  if (!read_address(text.substr(0, slash), cidr)) return std::nullopt;
  const unsigned most = cidr.v6 ? 128 : 32;
  cidr.bits = most;
  if (slash != std::string_view::npos) {
    const std::string_view length = text.substr(slash + 1);
    const auto [end, error] =
        std::from_chars(length.data(), length.data() + length.size(), cidr.bits);
    if (error != std::errc{} || end != length.data() + length.size() || cidr.bits > most) {
      return std::nullopt;
    }
  }
  unmap(cidr);
  return cidr;
}

bool Cidr::contains(const Cidr& other) const noexcept {
  if (v6 != other.v6 || other.bits < bits) return false;
  const std::size_t whole = bits / 8;
  for (std::size_t i = 0; i < whole; ++i) {
    if (address[i] != other.address[i]) return false;
  }
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<unsigned>(0xFF00U >> rest) & 0xFFU;
  return ((address[whole] ^ other.address[whole]) & mask) == 0;
}

base::Result<IpCondition> IpCondition::parse(const std::vector<std::string>& values) {
  IpCondition condition;
  for (const std::string& value : values) {
    const auto cidr = Cidr::parse(value);
    if (!cidr) {
      return base::fail(base::Errc::invalid_argument, "`" + value + "` is not an address range");
    }
    condition.values_.push_back(*cidr);
  }
  return condition;
}

bool IpCondition::matches(std::string_view value) const {
  const auto address = Cidr::parse(value);
  return address && std::any_of(values_.begin(), values_.end(),
                                [&](const Cidr& range) { return range.contains(*address); });
}

}  // namespace imdsd::iam
