// SPDX-License-Identifier: MIT
#include "console/session_store.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::console {

base::Secret SessionStore::open(Session session) {
  std::array<char, 32> bits{};
  random_.fill(std::as_writable_bytes(std::span(bits)));
  base::Secret token(base::base64url_encode_unpadded({bits.data(), bits.size()}));
  const std::lock_guard lock(mutex_);
  make_room();
  const auto now = clock_.monotonic();
  entries_.insert_or_assign(base::sha256(token.reveal()), Entry{std::move(session), now, now});
  return token;
}

std::optional<Session> SessionStore::find(std::string_view token, Use use) {
  const std::lock_guard lock(mutex_);
  const auto found = find_live(token);
  if (found == entries_.end()) return std::nullopt;
  if (use == Use::touch) found->second.used = clock_.monotonic();
  return found->second.session;
}

bool SessionStore::set_role(std::string_view token, std::shared_ptr<const SwitchedRole> role) {
  const std::lock_guard lock(mutex_);
  const auto found = find_live(token);
  if (found == entries_.end()) return false;
  found->second.session.role = std::move(role);
  found->second.session.role_ended.clear();
  return true;
}

void SessionStore::end_role(std::string_view token, const std::shared_ptr<const SwitchedRole>& role,
                            std::string why) {
  const std::lock_guard lock(mutex_);
  const auto found = find_live(token);
  if (found == entries_.end() || found->second.session.role != role) return;
  found->second.session.role = nullptr;
  found->second.session.role_ended = std::move(why);
}

void SessionStore::close(std::string_view token) {
  const std::lock_guard lock(mutex_);
  entries_.erase(base::sha256(token));
}

/// PRECONDITION: mutex_ is held, as for all that follow. By the hash: how long the look-up takes
/// tells nothing about tokens.
SessionStore::Entries::iterator SessionStore::find_live(std::string_view token) {
  const auto found = entries_.find(base::sha256(token));
  if (found == entries_.end() || !is_over(found->second)) return found;
  entries_.erase(found);
  return entries_.end();
}

bool SessionStore::is_over(const Entry& entry) const {
  const auto now = clock_.monotonic();
  return now - entry.opened >= kLongest || now - entry.used >= kIdle;
}

void SessionStore::make_room() {
  if (entries_.size() < kMost) return;
  std::erase_if(entries_, [this](const auto& each) { return is_over(each.second); });
  if (entries_.size() < kMost) return;
  entries_.erase(
      std::min_element(entries_.begin(), entries_.end(),
                       [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
}

std::string csrf_token(std::string_view session_token) {
  return base::base64url_encode_unpadded(base::hmac_sha256(session_token, "imdsd console: CSRF"));
}

}  // namespace imdsd::console
