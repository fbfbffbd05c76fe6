// SPDX-License-Identifier: MIT
#include "base/ip_network.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace imdsd::base {
namespace {

constexpr unsigned kV4Bits = 32;
constexpr unsigned kV6Bits = 128;
constexpr unsigned kMappedBits = 96;  // of ::ffff:0:0/96

/// The finalizer of SplitMix64: each bit of the input reaches each bit of the output.
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

Result<unsigned> parse_bits(std::string_view text, unsigned most) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  const bool leading_zero = text.size() > 1 && text[0] == '0';
  if (error == std::errc() && end == text.data() + text.size() && !leading_zero && bits <= most) {
    return bits;
  }
  return fail(Errc::invalid_argument,
              "`" + std::string(text) + "` is no prefix length of 0.." + std::to_string(most));
}

}  // namespace

IpAddress network_of(const IpAddress& address, unsigned bits) noexcept {
  std::array<std::uint8_t, 16> bytes = address.bytes();
  for (unsigned i = 0; i < bytes.size(); ++i) {
    const unsigned kept = bits <= i * 8 ? 0 : std::min(8U, bits - i * 8);
    bytes[i] &= static_cast<std::uint8_t>(0xFF00U >> kept);
  }
  return address.is_v6() ? IpAddress::from_v6(bytes)
                         : IpAddress::from_v4({bytes[0], bytes[1], bytes[2], bytes[3]});
}

Result<IpNetwork> IpNetwork::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  IpNetwork network;
  IMDSD_TRY(network.address, IpAddress::parse(host));
  const bool written_as_v6 = host.find(':') != std::string_view::npos;
  network.bits = network.address.is_v6() ? kV6Bits : kV4Bits;
  if (slash == std::string_view::npos) return network;
  IMDSD_TRY(network.bits, parse_bits(text.substr(slash + 1), written_as_v6 ? kV6Bits : kV4Bits));
  if (written_as_v6 && !network.address.is_v6()) {
    if (network.bits < kMappedBits) {
      return fail(Errc::invalid_argument,
                  "`" + std::string(text) + "` reaches beyond the IPv4-mapped addresses");
    }
    network.bits -= kMappedBits;
  }
  const IpNetwork whole{network_of(network.address, network.bits), network.bits};
  if (whole.address == network.address) return network;
  return fail(Errc::invalid_argument, "`" + std::string(text) + "` is an address in `" +
                                          whole.to_string() + "`, not a network");
}

std::string IpNetwork::to_string() const {
  const unsigned all = address.is_v6() ? kV6Bits : kV4Bits;
  return address.to_string() + (bits == all ? "" : "/" + std::to_string(bits));
}

std::size_t IpAddressHash::operator()(const IpAddress& address) const noexcept {
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), address.bytes().data(), sizeof words);
  return static_cast<std::size_t>(mix(mix(words[0]) + words[1] + (address.is_v6() ? 1 : 0)));
}

}  // namespace imdsd::base
