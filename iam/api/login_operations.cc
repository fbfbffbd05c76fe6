// SPDX-License-Identifier: MIT
// Passwords are hashed before the write: that takes a while, and others wait for their turn to
// write.
#include "base/password_hash.h"
#include "iam/api/change.h"
#include "iam/api/errors.h"
#include "iam/api/find.h"
#include "iam/api/operation.h"
#include "iam/api/shapes.h"
#include "iam/password_rules.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

constexpr Parameter kPassword{"Password", Shape::password, 1, 128};
constexpr Parameter kOldPassword{"OldPassword", Shape::password, 1, 128};
constexpr Parameter kNewPassword{"NewPassword", Shape::password, 1, 128};
constexpr Parameter kResetRequired{"PasswordResetRequired", Shape::boolean};

Failure profile_exists(const std::string& name) {
  return already_exists("Login Profile for user " + name + " already exists.");
}

Failure missing_password() {
  return aws::service_error(400, "MissingParameter",
                            "The request must contain the parameter Password.");
}

Failure password_violation(std::string message) {
  return aws::service_error(400, "PasswordPolicyViolation", std::move(message));
}

std::optional<PasswordPolicy> password_policy(const Call& call) {
  const auto account = find_account(call, *call.directory);
  return account ? account->password_policy : std::nullopt;
}

/// The hash of an acceptable password.
Outcome<std::string> hash_new(const Call& call, std::string_view parameter) {
  const std::string_view password = call.parameters.get(parameter).value_or("");
  if (auto fault = password_fault(password, password_policy(call))) {
    return password_violation(*std::move(fault));
  }
  return base::hash_password(password, call.context.password_cost, call.context.random);
}

/// A user that has a password.
Outcome<std::shared_ptr<const User>> find_login(const Call& call, const Directory& directory) {
  if (is_about_root(call)) return no_such_entity("Login Profile for User Root cannot be found.");
  auto user = find_user(call, directory);
  if (user && !(*user)->login_profile) {
    return no_such_entity("Login Profile for User " + (*user)->name + " cannot be found.");
  }
  return user;
}

void write_profile(const Call& call, const User& user) {
  const LoginProfile& profile = *user.login_profile;
  call.xml.open("LoginProfile")
      .leaf("UserName", user.name)
      .leaf("CreateDate", date(profile.created))
      .leaf("PasswordResetRequired", profile.password_reset_required ? "true" : "false")
      .close();
}

/// Of the passwords before, so many are remembered as must not be used again, with this one.
void set_password(LoginProfile& profile, std::string hash, std::size_t remembered,
                  base::SystemTime now) {
  auto& previous = profile.previous_hashes;
  previous.insert(previous.begin(), std::exchange(profile.password_hash, std::move(hash)));
  if (previous.size() >= remembered) previous.resize(remembered > 0 ? remembered - 1 : 0);
  profile.changed = now;
}

std::size_t remembered_passwords(const Call& call) {
  const auto policy = password_policy(call);
  return policy ? policy->reuse_prevention : 0;
}

Outcome<void> create_login_profile(Call& call) {
  // An AssumeRoot session gives no password, all others must.
  if (is_about_root(call)) {
    return unmodifiable(
        "The root user has no password here: only IAM users sign in to the console.");
  }
  if (!call.has("Password")) return missing_password();
  auto user = find_user(call, *call.directory);
  if (!user) return tl::unexpected(std::move(user).error());
  if ((*user)->login_profile) return profile_exists((*user)->name);
  auto hash = hash_new(call, "Password");
  if (!hash) return tl::unexpected(std::move(hash).error());
  return change_user(call, [&](User& changed, Transaction& transaction) -> Outcome<void> {
    if (changed.login_profile) return profile_exists(changed.name);
    LoginProfile profile;
    profile.password_hash = *std::move(hash);
    profile.password_reset_required = read_boolean(call.parameters, "PasswordResetRequired", false);
    profile.created = profile.changed = transaction.now();
    changed.login_profile = std::move(profile);
    write_profile(call, changed);
    return {};
  });
}

Outcome<void> get_login_profile(Call& call) {
  auto user = find_login(call, *call.directory);
  if (!user) return tl::unexpected(std::move(user).error());
  write_profile(call, **user);
  return {};
}

Outcome<void> update_login_profile(Call& call) {
  auto user = find_login(call, *call.directory);
  if (!user) return tl::unexpected(std::move(user).error());
  std::string hash;
  if (call.has("Password")) {
    auto hashed = hash_new(call, "Password");
    if (!hashed) return tl::unexpected(std::move(hashed).error());
    hash = *std::move(hashed);
  }
  const std::size_t remembered = remembered_passwords(call);
  return change_entity<User>(
      call, find_login, [&](User& changed, Transaction& transaction) -> Outcome<void> {
        LoginProfile& profile = *changed.login_profile;
        if (!hash.empty()) set_password(profile, std::move(hash), remembered, transaction.now());
        profile.password_reset_required =
            read_boolean(call.parameters, "PasswordResetRequired", profile.password_reset_required);
        return {};
      });
}

Outcome<void> delete_login_profile(Call& call) {
  return change_entity<User>(call, find_login, [](User& user, Transaction&) -> Outcome<void> {
    user.login_profile.reset();
    return {};
  });
}

bool was_used(const LoginProfile& profile, std::string_view password, std::size_t remembered) {
  if (remembered == 0) return false;
  if (base::is_password(password, profile.password_hash)) return true;
  for (std::size_t i = 0; i < profile.previous_hashes.size() && i + 1 < remembered; ++i) {
    if (base::is_password(password, profile.previous_hashes[i])) return true;
  }
  return false;
}

/// The calling user, whatever else the request has, if it has a password.
Outcome<std::shared_ptr<const User>> find_caller_login(const Call& call,
                                                       const Directory& directory) {
  auto user = directory.find<User>(call.account(), call.caller.principal.name);
  if (!user || !user->login_profile) {
    return no_such_entity("Login Profile for User " + call.caller.principal.name +
                          " cannot be found.");
  }
  return user;
}

Outcome<void> change_password(Call& call) {
  if (call.caller.principal.type != PrincipalType::user) {
    return aws::service_error(400, "InvalidUserType",
                              "Only IAM Users can change their own password.");
  }
  auto user = find_caller_login(call, *call.directory);
  if (!user) return tl::unexpected(std::move(user).error());
  const LoginProfile& before = *(*user)->login_profile;
  if (!base::is_password(call.text("OldPassword"), before.password_hash)) {
    return aws::service_error(403, "AccessDenied", "The old password was incorrect.");
  }
  auto hash = hash_new(call, "NewPassword");
  if (!hash) return tl::unexpected(std::move(hash).error());
  const std::size_t remembered = remembered_passwords(call);
  if (was_used(before, call.text("NewPassword"), remembered)) {
    return password_violation("Password should not be one of the last " +
                              std::to_string(remembered) + " passwords");
  }
  return change_entity<User>(
      call, find_caller_login, [&](User& changed, Transaction& transaction) -> Outcome<void> {
        LoginProfile& profile = *changed.login_profile;
        if (profile.password_hash != before.password_hash) {
          return aws::service_error(409, "EntityTemporarilyUnmodifiable",
                                    "The password was changed by another request. Try again.");
        }
        set_password(profile, *std::move(hash), remembered, transaction.now());
        profile.password_reset_required = false;
        return {};
      });
}

constexpr std::array kOperations{
    Operation{"CreateLoginProfile",
              Acts::on_user,
              {optional(kCreatedUserName), optional(kPassword), optional(kResetRequired)},
              create_login_profile},
    Operation{"GetLoginProfile", Acts::on_user, {optional(kCreatedUserName)}, get_login_profile},
    Operation{"UpdateLoginProfile",
              Acts::on_user,
              {required(kCreatedUserName), optional(kPassword), optional(kResetRequired)},
              update_login_profile,
              false},
    Operation{"DeleteLoginProfile",
              Acts::on_user,
              {optional(kCreatedUserName)},
              delete_login_profile,
              false},
    Operation{"ChangePassword",
              Acts::on_caller,
              {required(kOldPassword), required(kNewPassword)},
              change_password,
              false},
};

}  // namespace

std::span<const Operation> login_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
