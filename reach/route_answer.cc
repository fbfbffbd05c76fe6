// SPDX-License-Identifier: MIT
#include "reach/route_answer.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <linux/rtnetlink.h>
#include <optional>
#include <sys/socket.h>

namespace imdsd::reach {
namespace {

/// A structure of the kernel's, copied out of bytes that have no alignment; false when they end
/// before it does.
template <class T>
bool read(std::string_view bytes, T& out) {
  if (bytes.size() < sizeof(T)) return false;
  std::memcpy(&out, bytes.data(), sizeof(T));
  return true;
}

template <class T>
void append(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

/// The bytes of an address as the kernel takes them.
std::string address_bytes(const base::IpAddress& ip) {
  std::array<char, 16> bytes{};
  ::inet_pton(ip.is_v6() ? AF_INET6 : AF_INET, ip.to_string().c_str(), bytes.data());
  return {bytes.data(), ip.is_v6() ? bytes.size() : 4};
}

std::optional<base::IpAddress> parse_address(std::string_view bytes) {
  std::array<std::uint8_t, 4> v4;
  std::array<std::uint8_t, 16> v6;
  if (bytes.size() == v4.size() && read(bytes, v4)) return base::IpAddress::from_v4(v4);
  if (bytes.size() == v6.size() && read(bytes, v6)) return base::IpAddress::from_v6(v6);
  return std::nullopt;
}

/// How the kernel says that an entry is there which lets nothing through (fib_props).
bool is_closed(int error) {
  return error == -EHOSTUNREACH || error == -EACCES || error == -EINVAL;
}

Route::Kind kind_of(const rtmsg& message) {
  switch (message.rtm_type) {
    case RTN_LOCAL:
      return Route::Kind::local;
    case RTN_UNREACHABLE:
    case RTN_PROHIBIT:
    case RTN_BLACKHOLE:
      return Route::Kind::closed;
    default:
      return Route::Kind::unicast;
  }
}

}  // namespace

std::string route_question(const base::IpAddress& to) {
  const auto bytes = address_bytes(to);
  rtmsg message{};
  message.rtm_family = to.is_v6() ? AF_INET6 : AF_INET;
  message.rtm_dst_len = static_cast<unsigned char>(bytes.size() * 8);
  message.rtm_flags = RTM_F_FIB_MATCH;
  rtattr attribute{};
  attribute.rta_type = RTA_DST;
  attribute.rta_len = static_cast<unsigned short>(RTA_LENGTH(bytes.size()));
  nlmsghdr head{};
  head.nlmsg_len = static_cast<unsigned>(NLMSG_LENGTH(sizeof(message)) + attribute.rta_len);
  head.nlmsg_type = RTM_GETROUTE;
  head.nlmsg_flags = NLM_F_REQUEST;
  std::string out;
  append(out, head);
  append(out, message);
  append(out, attribute);
  return out + bytes;
}

Route parse_route_answer(std::string_view bytes, const base::IpAddress& to,
                         const std::function<std::string(unsigned index)>& interface_name) {
  Route route;
  route.to = to;
  nlmsghdr head{};
  if (!read(bytes, head) || head.nlmsg_len < sizeof(head) || head.nlmsg_len > bytes.size()) {
    return route;
  }
  auto rest = bytes.substr(sizeof(head), head.nlmsg_len - sizeof(head));
  if (head.nlmsg_type == NLMSG_ERROR) {
    nlmsgerr error{};
    if (read(rest, error) && is_closed(error.error)) route.kind = Route::Kind::closed;
    return route;
  }
  rtmsg message{};
  if (head.nlmsg_type != RTM_NEWROUTE || !read(rest, message)) return route;
  route.kind = kind_of(message);
  route.prefix_length = message.rtm_dst_len;
  rest.remove_prefix(sizeof(message));
  rtattr attribute{};
  while (read(rest, attribute) && attribute.rta_len >= sizeof(attribute) &&
         attribute.rta_len <= rest.size()) {
    const auto value = rest.substr(sizeof(attribute), attribute.rta_len - sizeof(attribute));
    unsigned index = 0;
    if (attribute.rta_type == RTA_OIF && read(value, index)) {
      route.interface = interface_name(index);
    } else if (attribute.rta_type == RTA_GATEWAY) {
      route.gateway = parse_address(value);
    }
    rest.remove_prefix(std::min<std::size_t>(RTA_ALIGN(attribute.rta_len), rest.size()));
  }
  return route;
}

}  // namespace imdsd::reach
