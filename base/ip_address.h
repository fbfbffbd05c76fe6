// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::base {

/// An IPv4 or IPv6 address. An IPv4-mapped IPv6 address (::ffff:a.b.c.d) is held as the IPv4
/// address.
class IpAddress {
 public:
  /// Numeric forms only, as inet_pton reads them; no brackets, no zone, no port.
  [[nodiscard]] static Result<IpAddress> parse(std::string_view text);
  [[nodiscard]] static IpAddress from_v4(std::array<std::uint8_t, 4> bytes);
  [[nodiscard]] static IpAddress from_v6(const std::array<std::uint8_t, 16>& bytes);
  [[nodiscard]] bool is_v6() const noexcept { return v6_; }
  [[nodiscard]] bool is_loopback() const noexcept;  // 127.0.0.0/8, ::1
  [[nodiscard]] bool is_link_local()
      const noexcept;  // 169.254.0.0/16, fe80::/10, fd00:ec2::/32 (EC2's own)
  [[nodiscard]] bool is_unspecified() const noexcept;  // 0.0.0.0, ::
  [[nodiscard]] std::string to_string() const;
  /// IPv4 in the first four, the others zero.
  [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
  friend bool operator==(const IpAddress&, const IpAddress&) = default;

 private:
  bool v6_ = false;
  std::array<std::uint8_t, 16> bytes_{};
};

/// "127.0.0.1:1338", "[::1]:1338". Port 0 asks the system for one.
struct SocketAddress {
  IpAddress ip;
  std::uint16_t port = 0;
  [[nodiscard]] static Result<SocketAddress> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
  friend bool operator==(const SocketAddress&, const SocketAddress&) = default;
};

}  // namespace imdsd::base
