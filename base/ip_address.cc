// SPDX-License-Identifier: MIT
#include "base/ip_address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace imdsd::base {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  const bool leading_zero = text.size() > 1 && text[0] == '0';
  if (error != std::errc() || stop != end || leading_zero) {
    return fail(Errc::invalid_argument, "`" + std::string(text) + "` is not a port number");
  }
  return port;
}

}  // namespace

Result<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  const bool has_nul = text.find('\0') != std::string_view::npos;
  if (std::array<std::uint8_t, 4> v4;
      !has_nul && inet_pton(AF_INET, terminated.c_str(), &v4) == 1) {
    return from_v4(v4);
  }
  if (std::array<std::uint8_t, 16> v6;
      !has_nul && inet_pton(AF_INET6, terminated.c_str(), &v6) == 1) {
    return from_v6(v6);
  }
  return fail(Errc::invalid_argument, "`" + terminated + "` is not an IP address");
}

IpAddress IpAddress::from_v4(std::array<std::uint8_t, 4> bytes) {
  IpAddress address;
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
  return address;
}

IpAddress IpAddress::from_v6(const std::array<std::uint8_t, 16>& bytes) {
  if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin())) {
    return from_v4({bytes[12], bytes[13], bytes[14], bytes[15]});
  }
  IpAddress address;
  address.v6_ = true;
  address.bytes_ = bytes;
  return address;
}

bool IpAddress::is_loopback() const noexcept {
  if (!v6_) return bytes_[0] == 127;
  return bytes_[15] == 1 &&
         std::all_of(bytes_.begin(), bytes_.end() - 1, [](auto b) { return b == 0; });
}

bool IpAddress::is_link_local() const noexcept {
  if (!v6_) return bytes_[0] == 169 && bytes_[1] == 254;
  const bool fe80 = bytes_[0] == 0xFE && (bytes_[1] & 0xC0) == 0x80;
  const bool ec2 = bytes_[0] == 0xFD && bytes_[1] == 0x00 && bytes_[2] == 0x0E && bytes_[3] == 0xC2;
  return fe80 || ec2;
}

bool IpAddress::is_unspecified() const noexcept {
  return std::all_of(bytes_.begin(), bytes_.end(), [](auto b) { return b == 0; });
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(v6_ ? AF_INET6 : AF_INET, bytes_.data(), text.data(), text.size());
  return text.data();
}

Result<SocketAddress> SocketAddress::parse(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return fail(Errc::invalid_argument, "`" + std::string(text) + "` has no port");
  }
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  // Brackets are for IPv6 and IPv6 needs them (RFC 3986 section 3.2.2): "::1:80" would be
  // ambiguous.
  if (bracketed != (host.find(':') != std::string_view::npos)) {
    return fail(Errc::invalid_argument, "`" + std::string(text) + "` is not an address and port");
  }
  IMDSD_TRY(const IpAddress ip, IpAddress::parse(host));
  IMDSD_TRY(const std::uint16_t port, parse_port(text.substr(colon + 1)));
  return SocketAddress{ip, port};
}

std::string SocketAddress::to_string() const {
  const std::string host = ip.is_v6() ? "[" + ip.to_string() + "]" : ip.to_string();
  return host + ":" + std::to_string(port);
}

}  // namespace imdsd::base
