// SPDX-License-Identifier: MIT
// Signing in as an IAM user: password, MFA code, and a new password where one is due
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/console_sign-in.html).
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "console/call.h"
#include "iam/mfa_throttle.h"

namespace imdsd::console {

/// As it was typed. Secrets are wiped with it.
struct SignInForm {
  std::string account;  // id or alias; empty: the default account
  std::string user;
  base::Secret password, new_password;  // the latter empty where none is given
  std::string mfa_code;

  /// From JSON: {"account", "user", "password", "mfa_code", "new_password"}.
  [[nodiscard]] static tl::expected<SignInForm, Refusal> parse(std::string_view body);
};

/// Thread-safe. A sign-in takes tens of milliseconds and 19 MiB, and waits for the disk where a
/// code is taken: for threads on which nobody waits.
class SignIn {
 public:
  /// Password hashes at once; whoever comes on top is told to try again.
  static constexpr int kAtOnce = 4;
  /// Wrong passwords in a row of one peer, whomever they are for, before it pauses. For each user
  /// it is MfaThrottle::kWrongCodes.
  static constexpr unsigned kWrongOfPeer = 50;

  explicit SignIn(const Parts& parts);

  /// Refused with 401: AuthenticationFailed, and once the password is right MfaRequired,
  /// PasswordResetRequired and MfaFailed: the form is to come again with what is missing. 429
  /// TooManyAttempts. Who has no password here, or is not there at all, takes as long as a wrong
  /// password. The attempt is in the audit log as ConsoleLogin.
  [[nodiscard]] tl::expected<Session, Refusal> attempt(const SignInForm& form, const Call& call);

 private:
  using Users = std::shared_ptr<const iam::User>;
  [[nodiscard]] tl::expected<Session, Refusal> decide(const SignInForm& form, const Call& call,
                                                      const Users& user, const std::string& key);
  [[nodiscard]] tl::expected<aws::Credentials, Refusal> credentials(const SignInForm& form,
                                                                    const Call& call,
                                                                    const iam::User& user);
  [[nodiscard]] tl::expected<void, Refusal> change_password(const SignInForm& form,
                                                            const Call& call, const iam::User& user,
                                                            const aws::Credentials& session) const;

  const Parts& parts_;
  // Codes are counted by user: with several devices each has a count of its own in STS.
  iam::MfaThrottle users_, peers_, codes_;
  std::atomic<int> hashing_ = 0;
};

}  // namespace imdsd::console
