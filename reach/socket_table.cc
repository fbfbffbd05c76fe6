// SPDX-License-Identifier: MIT
#include "reach/socket_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <optional>

#include "base/codec.h"

namespace imdsd::reach {
namespace {

constexpr std::string_view kListen = "0A";  // TCP_LISTEN

/// Takes the next word off `line`.
std::string_view next_word(std::string_view& line) {
  const auto start = std::min(line.find_first_not_of(' '), line.size());
  const auto end = std::min(line.find(' ', start), line.size());
  const auto word = line.substr(start, end - start);
  line.remove_prefix(end);
  return word;
}

template <class T>
std::optional<T> number(std::string_view text, int base) {
  T out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

/// 32-bit words in the machine's own order: 127.0.0.1 is 0100007F on a little-endian one.
std::optional<base::IpAddress> parse_ip(std::string_view hex) {
  auto bytes = base::hex_decode(hex);
  if (!bytes || (bytes->size() != 4 && bytes->size() != 16)) return std::nullopt;
  if constexpr (std::endian::native == std::endian::little) {
    for (auto word = bytes->begin(); word != bytes->end(); word += 4) std::reverse(word, word + 4);
  }
  std::array<std::uint8_t, 16> out{};
  std::copy(bytes->begin(), bytes->end(), out.begin());
  if (bytes->size() == 16) return base::IpAddress::from_v6(out);
  return base::IpAddress::from_v4({out[0], out[1], out[2], out[3]});
}

std::optional<ListeningSocket> parse_line(std::string_view line) {
  (void)next_word(line);  // its number
  const auto local = next_word(line);
  (void)next_word(line);  // the peer
  if (next_word(line) != kListen) return std::nullopt;
  for (int skipped = 0; skipped < 5; ++skipped) (void)next_word(line);
  const auto inode = number<std::uint64_t>(next_word(line), 10);
  const auto colon = local.find(':');
  if (colon == std::string_view::npos || !inode) return std::nullopt;
  const auto ip = parse_ip(local.substr(0, colon));
  const auto port = number<std::uint16_t>(local.substr(colon + 1), 16);
  if (!ip || !port) return std::nullopt;
  return ListeningSocket{{*ip, *port}, *inode};
}

}  // namespace

std::vector<ListeningSocket> parse_socket_table(std::string_view text) {
  std::vector<ListeningSocket> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (const auto socket = parse_line(text.substr(0, end))) out.push_back(*socket);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace imdsd::reach
