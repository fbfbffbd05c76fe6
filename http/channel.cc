// SPDX-License-Identifier: MIT
#include "http/channel.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>

namespace imdsd::http {
namespace {

/// RFC 8446 section 5.1: the most that one record carries.
constexpr std::size_t kRecordBytes = 16 * 1024;

Transfer from_kernel(ssize_t result, Transfer::State when_blocked) {
  if (result >= 0) return {Transfer::State::done, static_cast<std::size_t>(result)};
  const bool blocked = errno == EAGAIN || errno == EWOULDBLOCK;
  return {blocked ? when_blocked : Transfer::State::failed};
}

Transfer from_tls(const base::TlsStream::Outcome& outcome) {
  switch (outcome.state) {
    case base::TlsStream::State::done:
      return {Transfer::State::done, outcome.bytes};
    case base::TlsStream::State::wants_read:
      return {Transfer::State::wants_read};
    case base::TlsStream::State::wants_write:
      return {Transfer::State::wants_write};
    case base::TlsStream::State::again:
      return {Transfer::State::again};
    case base::TlsStream::State::ended:
      return {Transfer::State::ended};
    default:
      return {Transfer::State::failed};
  }
}

Transfer receive_plain(int fd, std::span<char> out, int flags) {
  ssize_t received = 0;
  do {
    received = ::recv(fd, out.data(), out.size(), MSG_DONTWAIT | flags);
  } while (received < 0 && errno == EINTR);
  if (received == 0) return {Transfer::State::ended};
  return from_kernel(received, Transfer::State::wants_read);
}

Transfer send_plain(int fd, std::string_view first, std::string_view second, int flags) {
  // sendmsg() only reads what the parts point to.
  std::array<iovec, 2> parts{iovec{const_cast<char*>(first.data()), first.size()},
                             iovec{const_cast<char*>(second.data()), second.size()}};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT | flags);
  } while (sent < 0 && errno == EINTR);
  return from_kernel(sent, Transfer::State::wants_write);
}

/// Both parts in one record if they fit: a small answer is one packet, under TLS too.
Transfer send_records(base::TlsStream& tls, std::string_view first, std::string_view second) {
  if (first.empty()) return from_tls(tls.write(second));
  if (second.empty() || first.size() >= kRecordBytes) return from_tls(tls.write(first));
  std::array<char, kRecordBytes> record;
  const std::string_view rest = second.substr(0, kRecordBytes - first.size());
  std::copy(rest.begin(), rest.end(), std::copy(first.begin(), first.end(), record.begin()));
  return from_tls(tls.write({record.data(), first.size() + rest.size()}));
}

}  // namespace

Transfer Channel::peek(char& out) const {
  return receive_plain(fd_.get(), {&out, 1}, MSG_PEEK);
}

bool Channel::start_tls(const base::TlsContext& context) {
  auto stream = base::TlsStream::accept(context, fd_.get());
  if (!stream) return false;
  tls_ = *std::move(stream);
  return true;
}

Transfer Channel::handshake() {
  return from_tls(tls_->handshake());
}

Transfer Channel::receive(std::span<char> out) {
  return tls_ ? from_tls(tls_->read(out)) : receive_plain(fd_.get(), out, 0);
}

Transfer Channel::send(std::string_view first, std::string_view second, bool more_follows) {
  return tls_ ? send_records(*tls_, first, second)
              : send_plain(fd_.get(), first, second, more_follows ? MSG_MORE : 0);
}

void Channel::end_sending() {
  if (tls_) tls_->close_notify();
  ::shutdown(fd_.get(), SHUT_WR);
}

void Channel::break_off() const noexcept {
  ::shutdown(fd_.get(), SHUT_RDWR);
}

void Channel::close() {
  if (tls_ && fd_) tls_->close_notify();
  fd_.reset();
}

void Channel::abort() {
  const ::linger at_once{1, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  fd_.reset();
}

}  // namespace imdsd::http
