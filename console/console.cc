// SPDX-License-Identifier: MIT
#include "console/console.h"

#include <array>
#include <utility>

#include "aws/sigv4.h"
#include "base/codec.h"
#include "console/operations.h"
#include "console/page.h"
#include "console/request_guard.h"
#include "console/trusted_proxy.h"
#include "gateway/own_call.h"
#include "iam/json_writer.h"
#include "sts/authenticate.h"
#include "sts/service.h"

namespace imdsd::console {

using base::HttpRequest;
using base::HttpResponse;

struct Console::Operation {
  std::string_view method;
  std::string_view path;  // on the admin socket

  Reply (*answer)(Console& console, Call& call);
  bool signed_in = true;  // needs a session
  SessionStore::Use use = SessionStore::Use::touch;
};

struct Console::Table {
  static constexpr auto kLook = SessionStore::Use::look;
  static constexpr std::array kOperations{
      Operation{"GET", "/v1/console/welcome", [](Console&, Call& call) { return welcome(call); },
                false},
      Operation{"POST", "/v1/console/sign-in",
                [](Console& c, Call& call) { return c.sign_in(call); }, false},
      Operation{"POST", "/v1/console/sign-out",
                [](Console& c, Call& call) { return c.sign_out(call); }},
      Operation{"GET", "/v1/console/session",
                [](Console& c, Call& call) { return c.session(call); }},
      Operation{"POST", "/v1/console/switch-role",
                [](Console& c, Call& call) { return c.switch_to_role(call); }},
      Operation{"POST", "/v1/console/switch-back",
                [](Console& c, Call& call) { return c.switch_back(call); }},
      Operation{"POST", "/v1/console/credentials",
                [](Console&, Call& call) { return credentials(call); }},
      Operation{"GET", "/v1/console/permissions",
                [](Console&, Call& call) { return permissions(call); }},
      Operation{"POST", "/v1/console/ask", [](Console&, Call& call) { return ask(call); }},
      Operation{"GET", "/v1/console/instances",
                [](Console& c, Call& call) { return instances(call, c.parts_); }, true, kLook},
      Operation{"GET", "/v1/console/requests",
                [](Console& c, Call& call) { return requests(call, c.parts_); }, true, kLook},
      Operation{"GET", "/v1/console/explanation",
                [](Console& c, Call& call) { return explanation(call, c.parts_); }},
  };

  static std::string_view name_of(const Operation& operation) {
    return operation.path.substr(operation.path.rfind('/') + 1);
  }

  static const Operation* find(std::string_view method, std::string_view name) {
    for (const Operation& operation : kOperations) {
      if (name_of(operation) == name && operation.method == method) return &operation;
    }
    return nullptr;
  }
};

namespace {

constexpr std::string_view kApi = "/api/";
constexpr std::string_view kCsrfHeader = "X-CSRF-Token";

tl::unexpected<Refusal> not_signed_in() {
  return refuse(401, "NotSignedIn", "You are not signed in, or your session has ended.");
}

std::string json_of(const Refusal& refusal) {
  iam::JsonWriter json;
  json.begin_object().member("error", refusal.message).member("code", refusal.code);
  std::string text = json.end_object().take();
  if (!refusal.detail_json.empty()) text.insert(text.size() - 1, "," + refusal.detail_json);
  return text;
}

HttpResponse to_response(const Reply& result) {
  HttpResponse response;
  response.status = result ? 200 : result.error().status;
  response.headers.add("Content-Type", "application/json");
  if (response.status == 429) response.headers.add("Retry-After", "30");
  response.body = (result ? result->json : json_of(result.error())) + "\n";
  return response;
}

HttpResponse page(const HttpRequest& request) {
  HttpResponse response;
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const PageFile* const file = find_page_file(request.path());
  if (file == nullptr || !reads) {
    const auto refusal = file == nullptr ? refuse(404, "NotFound", "There is no such page.")
                                         : refuse(405, "MethodNotAllowed", "Use GET.");
    return to_response(refusal);
  }
  response.headers.add("Content-Type", std::string(file->content_type));
  response.body = file->text();
  return response;
}

/// Forms of other sites cannot send this type, nor can their scripts without asking first.
bool is_json(const HttpRequest& request) {
  const auto type = request.headers.get("Content-Type").value_or("");
  return base::equals_ignoring_case(base::trim(type.substr(0, type.find(';'))), "application/json");
}

/// The services' own word on who signs with these credentials now.
aws::Outcome<iam::Caller> caller_of(const aws::Credentials& credentials, const Call& call) {
  HttpRequest request =
      gateway::own_call("GetCallerIdentity", sts::kApiVersion, {}, "imdsd console");
  const aws::SigningKey key{credentials.access_key_id, &credentials.secret_access_key,
                            &credentials.session_token};
  if (const auto made = aws::sign(request, key, "us-east-1", "sts", call.now); !made) {
    return aws::service_error(500, "InternalFailure", made.error().message);
  }
  return sts::authenticate(request, "sts", aws::PathRule::normalize_and_encode_twice,
                           call.authority, call.now);
}

std::string why_ended(const SwitchedRole& role, base::SystemTime now) {
  const std::string session = "The session in the role " + role.display_name;
  return role.credentials->expiration <= now
             ? session + " has expired."
             : session + " has ended: STS refuses its credentials. Was the role deleted?";
}

}  // namespace

Console::Console(Parts parts)
    : parts_(std::move(parts)),
      settings_(std::make_shared<const Settings>()),
      sessions_(parts_.clock, parts_.random),
      sign_in_(parts_) {}

void Console::configure(Settings settings) {
  settings_.store(std::make_shared<const Settings>(std::move(settings)));
}

std::vector<Console::OperationName> Console::operations() {
  std::vector<OperationName> names;
  for (const auto& operation : Table::kOperations) {
    names.push_back({operation.method, Table::name_of(operation), operation.path});
  }
  return names;
}

bool Console::may_wait(const HttpRequest& request) {
  return request.path().ends_with("/sign-in");
}

HttpResponse Console::handle(const HttpRequest& request) {
  const auto settings = settings_.load();
  const auto sent = as_sent(request, settings->trusted_proxies);
  return answer(sent ? *sent : request, *settings);
}

HttpResponse Console::answer(const HttpRequest& request, const Settings& settings) {
  HttpResponse response;
  if (const auto reason = refuse_foreign(request, settings.allowed_hosts)) {
    response = to_response(refuse(403, "Forbidden", *reason));
  } else if (!request.path().starts_with(kApi)) {
    response = page(request);
  } else {
    const auto authority = parts_.authority.load();
    Call call{request, *authority, settings, parts_.clock.now(), session_cookie(request)};
    const auto* const operation = Table::find(request.method, request.path().substr(kApi.size()));
    const bool changes = request.method != "GET";
    const bool is_own = operation == nullptr || !operation->signed_in || !changes ||
                        base::constant_time_equal(request.headers.get(kCsrfHeader).value_or(""),
                                                  csrf_token(call.token));
    Reply result = operation == nullptr ? refuse(404, "NotFound", "There is no such operation.")
                   : changes && !is_json(request)
                       ? refuse(415, "UnsupportedMediaType", "Send application/json.")
                   : !is_own ? refuse(403, "Forbidden", "X-CSRF-Token is missing or wrong.")
                             : run(*operation, call);
    response = to_response(result);
    if (result && result->token) {
      response.headers.add("Set-Cookie", set_cookie(request, result->token->reveal()));
    }
  }
  add_browser_headers(response.headers);
  return response;
}

HttpResponse Console::handle_operation(std::string_view name, const HttpRequest& request) {
  const auto settings = settings_.load();
  const auto authority = parts_.authority.load();
  Call call{request, *authority, *settings, parts_.clock.now(),
            request.headers.get(kSessionHeader).value_or("")};
  const auto* const operation = Table::find(request.method, name);
  Reply result = operation == nullptr ? refuse(404, "NotFound", "There is no such operation.")
                                      : run(*operation, call);
  if (result && result->token && !result->token->empty()) {
    std::string& json = result->json;
    json.insert(json.size() - 1,
                ",\"session_token\":" + iam::JsonWriter().value(result->token->reveal()).take());
  }
  return to_response(result);
}

Reply Console::run(const Operation& operation, Call& call) {
  if (operation.signed_in) {
    if (auto resumed = resume(call, operation.use); !resumed) {
      return tl::unexpected(std::move(resumed).error());
    }
  }
  return operation.answer(*this, call);
}

/// A user who was deleted, or a role, ends what was begun as one.
tl::expected<void, Refusal> Console::resume(Call& call, SessionStore::Use use) {
  while (true) {
    auto session = sessions_.find(call.token, use);
    if (!session) return not_signed_in();
    call.session = *std::move(session);
    auto own = caller_of(*call.session.credentials, call);
    if (!own || own->principal.entity_id != call.session.user_id) {
      sessions_.close(call.token);
      return not_signed_in();
    }
    call.caller = *std::move(own);
    if (!call.session.role) return {};
    auto switched = caller_of(*call.session.role->credentials, call);
    if (switched) {
      call.caller = *std::move(switched);
      return {};
    }
    // It has ended: the user is itself again, or in the role that was switched to just now.
    sessions_.end_role(call.token, call.session.role, why_ended(*call.session.role, call.now));
  }
}

Reply Console::sign_in(Call& call) {
  const auto form = SignInForm::parse(call.http.body);
  if (!form) return tl::unexpected(form.error());
  parts_.requests.start();  // from now on there is somebody who may look
  auto session = sign_in_.attempt(*form, call);
  if (!session) return tl::unexpected(std::move(session).error());
  sessions_.close(call.token);  // whoever was signed in here before
  base::Secret token = sessions_.open(*std::move(session));
  call.token = token.reveal();
  if (auto resumed = resume(call, SessionStore::Use::touch); !resumed) {
    return tl::unexpected(std::move(resumed).error());
  }
  return Answer{describe_session(call), std::move(token)};
}

Reply Console::sign_out(Call& call) {
  sessions_.close(call.token);
  return Answer{"{}", base::Secret()};
}

Reply Console::session(Call& call) {
  return Answer{describe_session(call), std::nullopt};
}

Reply Console::switch_to_role(Call& call) {
  auto role = switch_role(call, parts_);
  if (!role) return tl::unexpected(std::move(role).error());
  if (!sessions_.set_role(call.token, std::make_shared<const SwitchedRole>(*std::move(role))) ||
      !resume(call, SessionStore::Use::touch)) {
    return not_signed_in();
  }
  return session(call);
}

Reply Console::switch_back(Call& call) {
  if (!sessions_.set_role(call.token, nullptr)) return not_signed_in();
  if (auto resumed = resume(call, SessionStore::Use::touch); !resumed) {
    return tl::unexpected(std::move(resumed).error());
  }
  return session(call);
}

}  // namespace imdsd::console
