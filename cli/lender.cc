// SPDX-License-Identifier: MIT
#include "cli/lender.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>

#include <nlohmann/json.hpp>

#include "http/sockaddr.h"

namespace imdsd::cli {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using http::error_text;

constexpr int kPatienceMilliseconds = 10'000;
constexpr std::size_t kMaxReply = 4096;

}  // namespace

Result<Lender> Lender::connect(const std::string& socket_path) {
  IMDSD_TRY(auto address, http::to_kernel(socket_path));
  base::FileDescriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!connection || ::connect(connection.get(), address.get(), address.size) != 0) {
    return fail(Errc::unavailable, "`" + socket_path + "`: " + error_text(errno));
  }
  return Lender(std::move(connection));
}

Result<void> Lender::lend(const std::vector<Loan>& loans, const std::string& instance) {
  nlohmann::json request = {{"instance", instance}, {"services", nlohmann::json::array()}};
  std::vector<int> descriptors;
  for (const auto& loan : loans) {
    request["services"].push_back(loan.service);
    descriptors.push_back(loan.socket.get());
  }
  std::string text = request.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  iovec piece{text.data(), text.size()};
  const std::size_t size = sizeof(int) * descriptors.size();
  // Of cmsghdr's alignment, which a vector of char has from operator new.
  std::vector<char> control(CMSG_SPACE(size));
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const part = CMSG_FIRSTHDR(&message);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN(size);
  std::memcpy(CMSG_DATA(part), descriptors.data(), size);
  // A socket that was not sent whole would be: the line is short, and the buffer empty.
  if (::sendmsg(connection_.get(), &message, MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) {
    return fail(Errc::unavailable, "imdsd does not take the listeners: " + error_text(errno));
  }
  return receive_reply();
}

Result<void> Lender::receive_reply() {
  std::string text;
  std::array<char, 1024> bytes;
  while (text.find('\n') == std::string::npos && text.size() < kMaxReply) {
    pollfd waiting{connection_.get(), POLLIN, 0};
    const ssize_t size = ::poll(&waiting, 1, kPatienceMilliseconds) > 0
                             ? ::recv(connection_.get(), bytes.data(), bytes.size(), 0)
                             : 0;
    if (size <= 0) return fail(Errc::unavailable, "imdsd does not take the listeners");
    text.append(bytes.data(), static_cast<std::size_t>(size));
  }
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_object() && json.contains("listen")) return {};
  const bool told = json.is_object() && json.contains("error") && json["error"].is_string();
  return fail(Errc::unavailable, "imdsd does not take the listeners" +
                                     (told ? ": " + json["error"].get<std::string>() : ""));
}

}  // namespace imdsd::cli
