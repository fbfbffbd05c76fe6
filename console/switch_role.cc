// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <utility>

#include "aws/sigv4.h"
#include "console/form.h"
#include "console/operations.h"
#include "gateway/own_call.h"
#include "iam/json_writer.h"
#include "sts/service.h"

namespace imdsd::console {
namespace {

/// The account's id of an id or alias; what is neither is left for STS to refuse.
std::string account_of(std::string text, const Call& call) {
  if (text.empty()) return call.session.account;
  call.authority.directory->all<iam::Account>().visit_all([&](const auto& account) {
    const bool is_it = account->alias == text;
    if (is_it) text = account->name;
    return !is_it;
  });
  return text;
}

/// The user's name. Of one character it is too short for a session's, which has two to 64
/// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
std::string session_name_of(const Session& session) {
  const std::string& name = session.user_name;
  return name.size() > 1 ? name : name + "@" + session.account;
}

/// As the AWS console has them.
std::string color_of(const std::string& text) {
  constexpr std::array<std::string_view, 5> kColors{"red", "orange", "yellow", "green", "blue"};
  const bool known = std::find(kColors.begin(), kColors.end(), text) != kColors.end();
  return known ? text : "blue";
}

/// Members of the answer beside code and message. Why, where the role is the user's account's own:
/// AWS tells of no other account's role more than that one may not, be it there or not.
std::string why(const std::string& request_id, const SwitchedRole& role, const std::string& account,
                const Parts& parts) {
  iam::JsonWriter json;
  json.begin_object().member("request_id", request_id);
  // Of no id it would be somebody's last denial.
  const bool tells = role.account == account && !request_id.empty();
  const auto denial = tells ? parts.denials.find(request_id) : std::nullopt;
  if (denial) json.member("explanation", denial->explanation.text(account));
  const std::string object = json.end_object().take();
  return object.substr(1, object.size() - 2);
}

struct Wish {
  SwitchedRole role;
  std::string session_name;
};

tl::expected<Wish, Refusal> parse(const Call& call) {
  using Kind = Form::Kind;
  const auto form = Form::parse(call.http.body, {{"account", Kind::optional},
                                                 {"role", Kind::required},
                                                 {"display_name", Kind::optional},
                                                 {"color", Kind::optional},
                                                 {"session_name", Kind::optional}});
  if (!form) return tl::unexpected(form.error());
  Wish wish;
  wish.role.account = account_of(form->text("account"), call);
  wish.role.role = form->text("role");
  wish.role.display_name = form->text("display_name");
  wish.role.color = color_of(form->text("color"));
  wish.session_name = form->text("session_name");
  if (wish.role.display_name.empty()) {
    wish.role.display_name = wish.role.role + " @ " + wish.role.account;
  }
  if (wish.session_name.empty()) wish.session_name = session_name_of(call.session);
  return wish;
}

}  // namespace

tl::expected<SwitchedRole, Refusal> switch_role(const Call& call, const Parts& parts) {
  auto wish = parse(call);
  if (!wish) return tl::unexpected(std::move(wish).error());
  const std::string arn = "arn:" + call.authority.partition + ":iam::" + wish->role.account +
                          ":role/" + wish->role.role;
  auto request = gateway::own_call(
      "AssumeRole", sts::kApiVersion,
      {{"RoleArn", arn}, {"RoleSessionName", wish->session_name}, {"DurationSeconds", "3600"}},
      call.http.headers.get("User-Agent").value_or("imdsd console"));
  request.peer = call.http.peer;
  request.secure = call.http.secure;
  const aws::Credentials& own = *call.session.credentials;
  const aws::SigningKey key{own.access_key_id, &own.secret_access_key, &own.session_token};
  if (const auto made = aws::sign(request, key, call.settings.region, "sts", call.now); !made) {
    return refuse(500, "InternalFailure", made.error().message);
  }
  const auto response = parts.gateway.handle(request);
  auto assumed = gateway::credentials_of(response, "AssumeRole");
  if (!assumed) {
    auto refusal = refuse(assumed.error());
    const auto id = response.headers.get("x-amzn-RequestId");
    refusal.value().detail_json =
        why(std::string(id.value_or("")), wish->role, call.session.account, parts);
    return refusal;
  }
  wish->role.credentials = std::make_shared<const aws::Credentials>(*std::move(assumed));
  return std::move(wish->role);
}

}  // namespace imdsd::console
