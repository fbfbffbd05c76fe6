// SPDX-License-Identifier: MIT
#include "cli/console_session.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <sstream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/file_descriptor.h"
#include "cli/admin_client.h"
#include "cli/console_command.h"
#include "cli/terminal.h"
#include "http/client.h"

namespace imdsd::cli {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using Command = CommandLine::Command;
using Json = nlohmann::json;

constexpr const char* kSessionHeader = "X-Imdsd-Console-Session";
constexpr std::chrono::seconds kPatienceForPasswords{30};

std::string system_error() {
  return std::generic_category().message(errno);
}

/// Empty where there is no such text.
std::string text_of(const Json& json, const char* member) {
  const bool there = json.is_object() && json.contains(member) && json[member].is_string();
  return there ? json[member].get<std::string>() : std::string();
}

/// POST or GET /v1/console/NAME; whatever the status.
Result<DaemonAnswer> send(const std::vector<std::string>& sockets, const std::string& method,
                          const std::string& name, const ConsoleSession* session,
                          const std::string& body = {}) {
  base::HttpClient::Request request;
  request.method = method;
  request.target = "/v1/console/" + name;
  request.timeout = kPatienceForPasswords;
  request.body = body;
  if (session != nullptr) {
    request.headers.add(kSessionHeader, std::string(session->token.reveal()));
  }
  return send_to_daemon(sockets, http::make_unix_client, request);
}

struct Known {
  std::string path;
  ConsoleSession session;
};

Result<Known> known_session(const CommandLine& line, const base::Environment& environment) {
  Known known;
  IMDSD_TRY(known.path, ConsoleSession::path(environment));
  IMDSD_TRY(known.session, ConsoleSession::load(known.path));
  if (!line.socket.empty()) known.session.socket = line.socket;
  return known;
}

/// An operation of whom is signed in. A session that has ended is forgotten.
Result<std::string> ask_signed_in(const CommandLine& line, const base::Environment& environment,
                                  const std::string& method, const std::string& name,
                                  const std::string& body = {}) {
  IMDSD_TRY(const auto known, known_session(line, environment));
  IMDSD_TRY(const auto answer, send({known.session.socket}, method, name, &known.session, body));
  if (answer.response.status == 200) return answer.response.body;
  const auto json = Json::parse(answer.response.body, nullptr, false);
  if (answer.response.status == 401) ::unlink(known.path.c_str());
  std::string message = reason_of(answer.response);
  if (const auto why = text_of(json, "explanation"); !why.empty()) message += "\n" + why;
  return fail(Errc::access_denied, message);
}

/// What sign-in asks of whoever types: each once.
class Typist {
 public:
  explicit Typist(const ConsoleCommand& command) : command_(command) {}

  Result<base::Secret> password() {
    return command_.password_stdin ? read_line() : ask_hidden("Password: ");
  }
  Result<std::string> mfa_code() {
    IMDSD_TRY(const auto code, ask_visible("MFA code: "));
    return code;
  }
  Result<base::Secret> new_password() {
    if (command_.password_stdin) return read_line();
    IMDSD_TRY(auto first, ask_hidden("The password must be changed. New password: "));
    IMDSD_TRY(const auto again, ask_hidden("Once more: "));
    if (first.reveal() == again.reveal()) return first;
    return fail(Errc::invalid_argument, "the new passwords are not the same");
  }

 private:
  const ConsoleCommand& command_;
};

Result<DaemonAnswer> sign_in(const ConsoleCommand& command,
                             const std::vector<std::string>& sockets) {
  Typist typist(command);
  IMDSD_TRY(const auto password, typist.password());
  std::string mfa_code = command.mfa_code;
  base::Secret new_password;
  while (true) {
    Json form = {{"account", command.account},
                 {"user", command.user},
                 {"password", std::string(password.reveal())},
                 {"mfa_code", mfa_code},
                 {"new_password", std::string(new_password.reveal())}};
    IMDSD_TRY(auto answer, send(sockets, "POST", "sign-in", nullptr,
                                form.dump(-1, ' ', false, Json::error_handler_t::replace)));
    if (answer.response.status == 200) return answer;
    const auto json = Json::parse(answer.response.body, nullptr, false);
    const std::string code = text_of(json, "code");
    if (code == "MfaRequired" && mfa_code.empty()) {
      IMDSD_TRY(mfa_code, typist.mfa_code());
    } else if (code == "PasswordResetRequired" && new_password.empty()) {
      IMDSD_TRY(new_password, typist.new_password());
    } else {
      return fail(Errc::access_denied, reason_of(answer.response));
    }
  }
}

Result<std::string> sign_in_and_keep(const CommandLine& line, const base::Environment& environment,
                                     const ConsoleCommand& command) {
  IMDSD_TRY(const auto path, ConsoleSession::path(environment));
  IMDSD_TRY(const auto answer, sign_in(command, socket_candidates(line.socket, environment)));
  const auto json = Json::parse(answer.response.body, nullptr, false);
  const ConsoleSession session{answer.socket, base::Secret(text_of(json, "session_token"))};
  if (session.token.empty()) return fail(Errc::corrupt, "imdsd's answer cannot be read");
  IMDSD_TRY_VOID(session.store(path));
  return answer.response.body;
}

Result<std::string> run(const CommandLine& line, const base::Environment& environment,
                        const ConsoleCommand& command) {
  switch (line.command) {
    case Command::sign_in:
      return sign_in_and_keep(line, environment, command);
    case Command::switch_role:
      return ask_signed_in(line, environment, "POST", "switch-role", command.switch_role_body());
    case Command::switch_back:
      return ask_signed_in(line, environment, "POST", "switch-back");
    default:
      return ask_signed_in(line, environment, "GET", "session");
  }
}

/// What is no longer there need not be ended.
int sign_out(const CommandLine& line, const base::Environment& environment) {
  const auto known = known_session(line, environment);
  if (!known) {
    std::fprintf(stderr, "imdsctl: %s\n", known.error().message.c_str());
    return 1;
  }
  const auto ended = send({known->session.socket}, "POST", "sign-out", &known->session);
  ::unlink(known->path.c_str());
  if (ended) return 0;
  std::fprintf(stderr, "imdsctl: forgotten here, but %s\n", ended.error().message.c_str());
  return 1;
}

Result<void> make_folder(const std::string& path) {
  for (auto slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
      return fail(Errc::unavailable, "cannot make `" + folder + "`: " + system_error());
    }
  }
  return {};
}

}  // namespace

Result<std::string> ConsoleSession::path(const base::Environment& environment) {
  constexpr const char* kFile = "/imdsctl/session";
  if (const auto state = base::find_variable(environment, "XDG_STATE_HOME")) return *state + kFile;
  if (const auto home = base::find_variable(environment, "HOME")) {
    return *home + "/.local/state" + kFile;
  }
  return fail(Errc::invalid_argument, "no place for the session: set $XDG_STATE_HOME or $HOME");
}

Result<ConsoleSession> ConsoleSession::load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Errc::not_found, "nobody is signed in: `imdsctl sign-in USER`");
  std::ostringstream text;
  text << file.rdbuf();
  const auto json = Json::parse(text.str(), nullptr, false);
  ConsoleSession session{text_of(json, "socket"), base::Secret(text_of(json, "session_token"))};
  if (!session.socket.empty() && !session.token.empty()) return session;
  return fail(Errc::corrupt, "`" + path + "` cannot be read: sign in again");
}

Result<void> ConsoleSession::store(const std::string& path) const {
  IMDSD_TRY_VOID(make_folder(path));
  const Json json = {{"socket", socket}, {"session_token", std::string(token.reveal())}};
  const std::string text = json.dump() + "\n", temporary = path + ".new";
  ::unlink(temporary.c_str());
  const base::FileDescriptor fd(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  const bool written =
      fd && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::rename(temporary.c_str(), path.c_str()) == 0;
  if (written) return {};
  return fail(Errc::unavailable, "cannot write `" + path + "`: " + system_error());
}

int run_console_command(const CommandLine& line, const base::Environment& environment) {
  const auto command = ConsoleCommand::parse(line);
  if (!command) {
    std::fprintf(stderr, "imdsctl: %s\n", command.error().message.c_str());
    return 2;
  }
  if (line.command == Command::sign_out) return sign_out(line, environment);
  const auto answer = run(line, environment, *command);
  const auto text = !answer ? answer : line.json ? whoami_json(*answer) : whoami_text(*answer);
  if (!text) {
    std::fprintf(stderr, "imdsctl: %s\n", text.error().message.c_str());
    return 1;
  }
  std::fputs(text->c_str(), stdout);
  return std::fflush(stdout) == 0 ? 0 : 1;
}

Result<std::string> ask_console_credentials(const CommandLine& line,
                                            const base::Environment& environment) {
  return ask_signed_in(line, environment, "POST", "credentials");
}

}  // namespace imdsd::cli
