// SPDX-License-Identifier: MIT
// Who is signed in to the console. Kept in memory: a restart signs everybody out.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/secret.h"

namespace imdsd::console {

/// A role that a user has switched to
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-console.html).
struct SwitchedRole {
  std::string account, role;        // the role's name, with its path
  std::string display_name, color;  // as the user wants to see it
  std::shared_ptr<const aws::Credentials> credentials;
};

/// Value type: copies share the credentials.
struct Session {
  std::string account, user_name, user_id;  // AIDA…
  bool mfa = false;                         // a code was shown
  base::SystemTime started, expiration;
  std::shared_ptr<const aws::Credentials> credentials;  // of the user, by GetSessionToken
  std::shared_ptr<const SwitchedRole> role;             // null: the user as such
  std::string role_ended;  // why the last one is over, where nobody switched back; or empty

  /// Those of the role, if there is one.
  [[nodiscard]] const aws::Credentials& current() const {
    return role ? *role->credentials : *credentials;
  }
};

/// Sessions by their tokens, which it knows by their hashes alone. Thread-safe.
class SessionStore {
 public:
  static constexpr std::chrono::hours kLongest{12};  // as in the AWS console
  static constexpr std::chrono::hours kIdle{1};
  static constexpr std::size_t kMost = 1000;  // beyond: whoever was idle for longest is signed out

  enum class Use { touch, look };  // what a page asks by itself does not keep its user signed in

  /// Both outlive it.
  SessionStore(const base::Clock& clock, base::Random& random) : clock_(clock), random_(random) {}

  /// The token: 256 random bits in base64url.
  [[nodiscard]] base::Secret open(Session session);
  /// Nothing for a token that is none, or no longer one.
  [[nodiscard]] std::optional<Session> find(std::string_view token, Use use);
  /// Null: switched back. False without such a session.
  [[nodiscard]] bool set_role(std::string_view token, std::shared_ptr<const SwitchedRole> role);
  /// The user as such again, unless another request has switched from this role in the meantime.
  void end_role(std::string_view token, const std::shared_ptr<const SwitchedRole>& role,
                std::string why);
  void close(std::string_view token);

 private:
  struct Entry {
    Session session;
    base::SteadyTime opened, used;
  };
  using Entries = std::unordered_map<std::string, Entry>;
  [[nodiscard]] Entries::iterator find_live(std::string_view token);
  [[nodiscard]] bool is_over(const Entry& entry) const;
  void make_room();

  const base::Clock& clock_;
  base::Random& random_;
  std::mutex mutex_;
  Entries entries_;  // by the SHA-256 of the token
};

/// What a page must send along with a request that changes something. It follows from the session's
/// token, which the page itself cannot read.
[[nodiscard]] std::string csrf_token(std::string_view session_token);

}  // namespace imdsd::console
