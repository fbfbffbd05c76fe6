// SPDX-License-Identifier: MIT
#include "cli/admin_client.h"

#include <map>

#include <gtest/gtest.h>

namespace imdsd::cli {
namespace {

using Paths = std::vector<std::string>;

TEST(SocketCandidates, FollowTheOrder) {
  const base::Environment all = {{"IMDSD_ADMIN_SOCKET", "/e"},
                                 {"XDG_RUNTIME_DIR", "/run/user/1"},
                                 {"XDG_STATE_HOME", "/x"},
                                 {"HOME", "/h"}};
  EXPECT_EQ(socket_candidates("/named", all), Paths{"/named"});
  EXPECT_EQ(socket_candidates("", all), Paths{"/e"});
  auto without = all;
  without.erase("IMDSD_ADMIN_SOCKET");
  EXPECT_EQ(
      socket_candidates("", without),
      (Paths{"/run/user/1/imdsd/admin.sock", "/run/imdsd/admin.sock", "/x/imdsd/admin.sock"}));
  EXPECT_EQ(socket_candidates("", {{"HOME", "/h"}}),
            (Paths{"/run/imdsd/admin.sock", "/h/.local/state/imdsd/admin.sock"}));
  EXPECT_EQ(socket_candidates("", {}), Paths{"/run/imdsd/admin.sock"});
  EXPECT_EQ(socket_candidates("", {{"SUDO_UID", "1000"}}),
            (Paths{"/run/user/1000/imdsd/admin.sock", "/run/imdsd/admin.sock"}));
  EXPECT_EQ(socket_candidates("", {{"SUDO_UID", "../x"}}), Paths{"/run/imdsd/admin.sock"});
}

/// Daemons by socket path, each with one answer; elsewhere nobody listens.
class FakeDaemons {
 public:
  std::map<std::string, base::HttpResponse> answers;
  std::vector<std::string> requests;
  std::chrono::milliseconds timeout{};  // of the last one

  [[nodiscard]] ClientFactory factory() {
    return [this](const std::string& path) { return std::make_unique<Client>(*this, path); };
  }

 private:
  struct Client final : base::HttpClient {
    Client(FakeDaemons& owner, std::string socket) : daemons(owner), path(std::move(socket)) {}
    base::Result<base::HttpResponse> send(const Request& request) override {
      daemons.requests.push_back(path + " " + request.method + " " + request.target);
      daemons.timeout = request.timeout;
      const auto found = daemons.answers.find(path);
      if (found != daemons.answers.end()) return found->second;
      return base::fail(base::Errc::unavailable, "nobody listens");
    }
    FakeDaemons& daemons;
    std::string path;
  };
};

base::HttpResponse answer(int status, std::string body) {
  base::HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

TEST(AskDaemon, TakesTheFirstThatAnswers) {
  FakeDaemons daemons;
  daemons.answers["/b"] = answer(200, "from b");
  daemons.answers["/c"] = answer(200, "from c");
  EXPECT_EQ(ask_daemon({"/a", "/b", "/c"}, daemons.factory(), "GET", "/v1/status").value(),
            "from b");
  EXPECT_EQ(daemons.requests, (std::vector<std::string>{"/a GET /v1/status", "/b GET /v1/status"}));
  EXPECT_EQ(daemons.timeout, kPatience);
}

TEST(AskDaemon, WaitsAsLongAsItIsTold) {
  FakeDaemons daemons;
  daemons.answers["/a"] = answer(200, "made");
  EXPECT_EQ(
      ask_daemon({"/a"}, daemons.factory(), "GET", "/v1/identity-certificates", kPatienceForKeys)
          .value(),
      "made");
  EXPECT_EQ(daemons.timeout, kPatienceForKeys);
}

TEST(AskDaemon, SaysWhatWasTriedAndWhatToDo) {
  FakeDaemons daemons;
  const auto result = ask_daemon({"/a", "/b"}, daemons.factory(), "GET", "/v1/status");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message,
            "no imdsd answers; tried\n  /a: nobody listens\n  /b: nobody listens\n"
            "start it (imdsd --config config.toml), or name its socket with --socket PATH or "
            "IMDSD_ADMIN_SOCKET");
}

TEST(AskDaemon, RefusalsHaveTheDaemonsReason) {
  FakeDaemons daemons;
  daemons.answers["/a"] = answer(403, R"({"error": "not you"})");
  EXPECT_EQ(ask_daemon({"/a", "/b"}, daemons.factory(), "GET", "/").error(),
            (base::Error{base::Errc::access_denied, "imdsd at /a: not you"}));
  daemons.answers["/a"] = answer(404, R"({"error": "no such instance"})");
  EXPECT_EQ(ask_daemon({"/a"}, daemons.factory(), "GET", "/").error().code, base::Errc::not_found);
  for (const char* body : {"", "<html>", "[]", R"({"error": 1})"}) {
    daemons.answers["/a"] = answer(500, body);
    EXPECT_EQ(ask_daemon({"/a"}, daemons.factory(), "GET", "/").error().message,
              "imdsd at /a: HTTP status 500");
  }
}

}  // namespace
}  // namespace imdsd::cli
