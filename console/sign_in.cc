// SPDX-License-Identifier: MIT
#include "console/sign_in.h"

#include <chrono>
#include <utility>

#include "aws/ids.h"
#include "aws/sigv4.h"
#include "base/codec.h"
#include "base/password_hash.h"
#include "console/form.h"
#include "gateway/own_call.h"
#include "iam/api/service.h"
#include "iam/make_principal.h"
#include "iam/mfa_code.h"
#include "iam/password_rules.h"
#include "sts/service.h"

namespace imdsd::console {
namespace {

constexpr std::string_view kSessionSeconds = "43200";
static_assert(SessionStore::kLongest == std::chrono::seconds(43200));

constexpr std::size_t kMaxName = 64;

// As long to verify as anybody's; of no password that is known.
constexpr const char* kNobodysHash =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keS0uLg$"
    "m1H0sQy0c0Yh0mWQ0m0dRSmvD2rLZ3ZbQx4hQpXvM5k";

tl::unexpected<Refusal> authentication_failed() {
  // AWS's words.
  return refuse(401, "AuthenticationFailed",
                "Your authentication information is incorrect. Please try again.");
}

tl::unexpected<Refusal> too_many() {
  return refuse(429, "TooManyAttempts",
                "Too many attempts. Wait half a minute, or longer if it goes on, and try again.");
}

std::shared_ptr<const iam::Account> find_account(const iam::Directory& directory,
                                                 const std::string& id_or_alias) {
  std::shared_ptr<const iam::Account> found;
  directory.all<iam::Account>().visit_all([&](const auto& account) {
    if (account->name == id_or_alias || account->alias == id_or_alias) found = account;
    return found == nullptr;
  });
  return found;
}

/// The account's id, whether there is such an account or not.
std::string account_of(const SignInForm& form, const sts::Authority& authority) {
  if (form.account.empty()) return authority.default_account;
  const auto known = find_account(*authority.directory, form.account);
  return known ? known->name : form.account;
}

std::string peer_key(const base::HttpPeer& peer) {
  if (peer.address) return peer.address->ip.to_string();
  return peer.unix_credentials ? "uid " + std::to_string(peer.unix_credentials->uid) : "?";
}

enum class PasswordState { fine, due, dead };

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
PasswordState state_of(const iam::LoginProfile& profile,
                       const std::optional<iam::PasswordPolicy>& policy, base::SystemTime now) {
  const bool expired = policy && policy->max_age_days > 0 &&
                       now >= profile.changed + std::chrono::days(policy->max_age_days);
  if (expired && policy->hard_expiry.value_or(false)) return PasswordState::dead;
  return expired || profile.password_reset_required ? PasswordState::due : PasswordState::fine;
}

std::optional<iam::PasswordPolicy> policy_of(const iam::User& user,
                                             const iam::Directory& directory) {
  const auto account = directory.find<iam::Account>(user.account, user.account);
  return account ? account->password_policy : std::nullopt;
}

/// Which of the user's devices shows the code; the first one where none does.
std::string serial_of(const std::vector<std::string>& devices, const SignInForm& form,
                      const Call& call) {
  for (const auto& serial : devices) {
    const auto device = call.authority.directory->find_by_id<iam::MfaDevice>(serial);
    if (device && iam::accepted_step(*device, form.mfa_code, call.now)) return serial;
  }
  return devices.front();
}

/// A call goes on from where the request came from.
base::HttpRequest on_behalf(const Call& call, base::HttpRequest request) {
  request.peer = call.http.peer;
  request.secure = call.http.secure;
  return request;
}

std::string agent_of(const Call& call) {
  return std::string(call.http.headers.get("User-Agent").value_or("imdsd console"));
}

class Place {
 public:
  explicit Place(std::atomic<int>& taken) : taken_(taken), number_(++taken) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { --taken_; }
  [[nodiscard]] int number() const { return number_; }

 private:
  std::atomic<int>& taken_;
  const int number_;
};

}  // namespace

tl::expected<SignInForm, Refusal> SignInForm::parse(std::string_view body) {
  using Kind = Form::Kind;
  const auto given = Form::parse(body, {{"account", Kind::optional},
                                        {"user", Kind::required},
                                        {"password", Kind::required},
                                        {"mfa_code", Kind::optional},
                                        {"new_password", Kind::optional}});
  if (!given) return tl::unexpected(given.error());
  SignInForm form;
  form.account = given->text("account");
  form.user = given->text("user");
  // No account's alias and no user's name is longer, and the throttle remembers them.
  if (form.account.size() > kMaxName || form.user.size() > kMaxName) {
    return refuse(400, "InvalidRequest", "`account` and `user` have at most 64 characters");
  }
  form.password = base::Secret(given->text("password"));
  form.mfa_code = given->text("mfa_code");
  form.new_password = base::Secret(given->text("new_password"));
  return form;
}

SignIn::SignIn(const Parts& parts)
    : parts_(parts),
      users_(parts.clock),
      peers_(parts.clock, 10'000, kWrongOfPeer),
      codes_(parts.clock) {}

tl::expected<Session, Refusal> SignIn::attempt(const SignInForm& form, const Call& call) {
  const std::string account = account_of(form, call.authority);
  const auto user = call.authority.directory->find<iam::User>(account, form.user);
  auto session = decide(form, call, user, account + "/" + base::to_lower(form.user));
  gateway::AuditRecord record;
  record.time = call.now;
  record.request_id = aws::make_uuid(parts_.random);
  record.service = "signin";
  record.action = "ConsoleLogin";  // as CloudTrail has it
  if (user) record.caller_arn = iam::arn_of(*user, call.authority.partition);
  if (const auto& peer = call.http.peer.address) record.source_ip = peer->ip.to_string();
  record.status = session ? 200 : session.error().status;
  if (!session) record.error_code = session.error().code;
  parts_.audit.record(record);
  return session;
}

tl::expected<Session, Refusal> SignIn::decide(const SignInForm& form, const Call& call,
                                              const Users& user, const std::string& key) {
  const Place place(hashing_);
  const std::string peer = peer_key(call.http.peer);
  if (place.number() > kAtOnce || !peers_.admit(peer) || !users_.admit(key)) return too_many();
  const bool known = user && user->login_profile;
  const bool right = base::is_password(form.password.reveal(),
                                       known ? user->login_profile->password_hash : kNobodysHash);
  if (!known || !right) return authentication_failed();
  users_.clear(key);
  peers_.clear(peer);

  const auto policy = policy_of(*user, *call.authority.directory);
  const auto state = state_of(*user->login_profile, policy, call.now);
  if (state == PasswordState::dead) {
    return refuse(403, "PasswordExpired",
                  "Your password has expired. Ask your administrator for a new one.");
  }
  if (state == PasswordState::due && form.new_password.empty()) {
    return refuse(401, "PasswordResetRequired", "You must change your password to continue.");
  }
  // Before a code is spent on it.
  if (state == PasswordState::due) {
    if (auto wrong = iam::password_fault(form.new_password.reveal(), policy)) {
      return refuse(400, "PasswordPolicyViolation", *std::move(wrong));
    }
  }
  auto own = credentials(form, call, *user);
  if (!own) return tl::unexpected(std::move(own).error());
  if (state == PasswordState::due) {
    auto changed = change_password(form, call, *user, *own);
    if (!changed) return tl::unexpected(std::move(changed).error());
  }
  parts_.usage.note({user->unique_id, call.now, "signin", call.settings.region});
  Session session;
  session.account = user->account;
  session.user_name = user->name;
  session.user_id = user->unique_id;
  session.mfa = !call.authority.directory->mfa_device_ids(user->unique_id).empty();
  session.started = call.now;
  session.expiration = own->expiration;
  session.credentials = std::make_shared<const aws::Credentials>(*std::move(own));
  return session;
}

/// A session of the user as GetSessionToken gives it, which takes the code.
tl::expected<aws::Credentials, Refusal> SignIn::credentials(const SignInForm& form,
                                                            const Call& call,
                                                            const iam::User& user) {
  const auto devices = call.authority.directory->mfa_device_ids(user.unique_id);
  if (!devices.empty() && form.mfa_code.empty()) {
    return refuse(401, "MfaRequired", "Enter the code that your MFA device shows.");
  }
  if (!devices.empty() && !codes_.admit(user.unique_id)) return too_many();
  const iam::Caller caller{iam::user_principal(user, call.authority.partition), "", nullptr};
  const auto request =
      devices.empty() ? gateway::own_call("GetSessionToken", sts::kApiVersion,
                                          {{"DurationSeconds", kSessionSeconds}}, agent_of(call))
                      : gateway::own_call("GetSessionToken", sts::kApiVersion,
                                          {{"DurationSeconds", kSessionSeconds},
                                           {"SerialNumber", serial_of(devices, form, call)},
                                           {"TokenCode", form.mfa_code}},
                                          agent_of(call));
  auto own = gateway::credentials_of(parts_.gateway.handle_for(caller, on_behalf(call, request)),
                                     "GetSessionToken");
  if (own) {
    codes_.clear(user.unique_id);
    return *std::move(own);
  }
  if (devices.empty() || own.error().status >= 500) return refuse(own.error());
  return refuse(401, "MfaFailed",
                "The MFA code was not accepted. A code works once, and for about a minute.");
}

/// As the user: with iam:ChangePassword, as AWS wants it. A session counts where a code was shown
/// for it; one without may not call IAM.
tl::expected<void, Refusal> SignIn::change_password(const SignInForm& form, const Call& call,
                                                    const iam::User& user,
                                                    const aws::Credentials& session) const {
  auto request = on_behalf(call, gateway::own_call("ChangePassword", iam::api::kApiVersion,
                                                   {{"OldPassword", form.password.reveal()},
                                                    {"NewPassword", form.new_password.reveal()}},
                                                   agent_of(call)));
  base::HttpResponse response;
  if (call.authority.directory->mfa_device_ids(user.unique_id).empty()) {
    const iam::Caller caller{iam::user_principal(user, call.authority.partition), "", nullptr};
    response = parts_.gateway.handle_for(caller, request);
  } else {
    const aws::SigningKey key{session.access_key_id, &session.secret_access_key,
                              &session.session_token};
    const auto made = aws::sign(request, key, call.settings.region, "iam", call.now);
    if (!made) return refuse(500, "InternalFailure", made.error().message);
    response = parts_.gateway.handle(request);
  }
  if (response.status == 200) return {};
  return refuse(gateway::error_of(response));
}

}  // namespace imdsd::console
