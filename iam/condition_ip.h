// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace imdsd::iam {

/// 203.0.113.0/24, 2001:db8::/32; without a length, one address. IPv4-mapped IPv6 addresses are
/// IPv4.
struct Cidr {
  bool v6 = false;
  std::array<std::uint8_t, 16> address{};  // IPv4 in the first four
  unsigned bits = 0;

  [[nodiscard]] static std::optional<Cidr> parse(std::string_view text);
  [[nodiscard]] bool contains(const Cidr& other) const noexcept;
};

/// IpAddress
class IpCondition {
 public:
  [[nodiscard]] static base::Result<IpCondition> parse(const std::vector<std::string>& values);
  [[nodiscard]] bool matches(std::string_view value) const;

 private:
  std::vector<Cidr> values_;
};

}  // namespace imdsd::iam
