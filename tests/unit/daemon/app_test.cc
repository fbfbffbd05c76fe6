// SPDX-License-Identifier: MIT
// The whole daemon in this process: its files, ports, signals, and what it tells systemd.
#include "daemon/app.h"

#include <filesystem>
#include <optional>
#include <signal.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config_fixture.h"
#include "daemon/files.h"
#include "http/client.h"
#include "notify_receiver.h"
#include "temp_dir.h"

namespace imdsd::daemon {
namespace {

using nlohmann::json;

class AppTest : public testing::Test {
 protected:
  AppTest() { write(role_toml()); }

  ~AppTest() override {
    if (thread_.joinable()) stop();
  }

  void write(const std::string& text) const {
    ASSERT_TRUE(
        write_file_atomically(temp_ / "config.toml", "state_dir = \"" + temp_ / "state" +
                                                         "\"\n"
                                                         "[admin]\nsocket = \"" +
                                                         socket_ +
                                                         "\"\n"
                                                         "[imds]\nlisten = [\"127.0.0.1:0\"]\n"
                                                         "[aws]\nlisten = [\"127.0.0.1:0\"]\n" +
                                                         text));
  }

  /// Empty, or what create() had to say.
  [[nodiscard]] std::string create() {
    ConfigInput input;
    input.sets = options_.sets;
    auto loaded = load_config(options_.config_path, std::move(input));
    if (!loaded) return TestConfig::lines(loaded.error().problems);
    signals_.emplace(Signals::block().value());
    auto app = App::create(options_, std::move(loaded->config));
    if (!app) return TestConfig::lines(app.error());
    app_ = *std::move(app);
    return {};
  }

  void start() {
    ASSERT_EQ(create(), "");
    thread_ = std::thread([this] { exit_code_ = app_->run(*signals_); });
    ASSERT_TRUE(notify_.receive().starts_with("READY=1"));
  }

  void stop() {
    ::kill(::getpid(), SIGTERM);
    thread_.join();
  }

  /// What the daemon says at the end of the reload.
  [[nodiscard]] std::string reload() const {
    ::kill(::getpid(), SIGHUP);
    EXPECT_TRUE(notify_.receive().starts_with("RELOADING=1\nMONOTONIC_USEC="));
    return notify_.receive();
  }

  [[nodiscard]] json ask(const std::string& method, const std::string& target) const {
    base::HttpClient::Request request;
    request.method = method;
    request.target = target;
    request.headers.add("Host", "localhost");
    const auto response = http::make_unix_client(socket_)->send(request);
    return response ? json::parse(response->body, nullptr, false) : json(response.error().message);
  }

  [[nodiscard]] base::Result<base::HttpResponse> get(const std::string& listener,
                                                     const std::string& target) const {
    base::HttpClient::Request request;
    request.target = target;
    request.headers.add("Host", listener);
    return http::make_client(base::SocketAddress::parse(listener).value())->send(request);
  }

  TempDir temp_;
  const std::string socket_ = temp_ / "admin.sock";
  NotifyReceiver notify_{temp_ / "notify"};
  AppOptions options_{temp_ / "config.toml", {{"NOTIFY_SOCKET", temp_ / "notify"}}, {}, ""};
  std::optional<Signals> signals_;
  std::unique_ptr<App> app_;
  std::thread thread_;
  int exit_code_ = -1;
};

TEST_F(AppTest, ServesAndEndsWithASignal) {
  start();
  const auto status = ask("GET", "/v1/status");
  EXPECT_EQ(status["pid"], ::getpid());
  EXPECT_EQ(status["instances"][0]["state"], "valid");
  const std::string imds = status["imds"]["listen"][0];
  EXPECT_FALSE(imds.ends_with(":0")) << "the bound port";
  const auto info = get(imds, "/latest/meta-data/iam/info");
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(json::parse(info->body)["Code"], "Success");
  const auto aws = get(status["aws"]["listen"][0], "/?Action=GetCallerIdentity&Version=2011-06-15");
  ASSERT_TRUE(aws) << aws.error().message;
  EXPECT_EQ(aws->status, 403);
  struct stat file {};
  ASSERT_EQ(::stat(socket_.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600U);
  stop();
  EXPECT_EQ(exit_code_, 0);
  EXPECT_EQ(notify_.receive(), "STOPPING=1\nSTATUS=draining");
  app_.reset();
  EXPECT_FALSE(std::filesystem::exists(socket_));
}

TEST_F(AppTest, RunsTheSampleConfiguration) {
  options_.config_path = std::string(IMDSD_SOURCE_DIR) + "/config.toml";
  options_.sets = {"state_dir=" + temp_ / "state", "admin.socket=" + socket_,
                   "imds.listen=127.0.0.1:0", "aws.listen=127.0.0.1:0"};
  start();
  const auto instance = ask("GET", "/v1/status")["instances"][0];
  EXPECT_EQ(instance["role"], "app-role");
  EXPECT_EQ(instance["state"], "valid");
  EXPECT_EQ(reload(), "READY=1\nSTATUS=auth.mode enforce, 1 instance(s)");
}

TEST_F(AppTest, RotatesWhenAsked) {
  start();
  const auto before = ask("GET", "/v1/status")["instances"][0]["access_key_ids"];
  const auto after = ask("POST", "/v1/rotate")["instances"][0]["access_key_ids"];
  EXPECT_NE(before["imdsv1"], after["imdsv1"]);
  EXPECT_NE(before["imdsv2"], after["imdsv2"]);
}

TEST_F(AppTest, ReloadTakesUpTheFile) {
  start();
  write("allowed_hosts = [\"x\"]\n[auth]\nmode = \"audit\"\n" + role_toml());
  EXPECT_EQ(reload(), "READY=1\nSTATUS=auth.mode audit, 1 instance(s)");
  EXPECT_EQ(ask("GET", "/v1/status")["auth_mode"], "audit");
}

TEST_F(AppTest, ReloadOfABadFileKeepsTheOldState) {
  start();
  const auto before = ask("GET", "/v1/status");
  write("regoin = \"eu-west-1\"\n" + role_toml("other"));
  const auto said = reload();
  EXPECT_TRUE(said.starts_with("READY=1\nSTATUS=not reloaded: " + temp_ / "config.toml" +
                               ":8:1: aws.regoin: unknown key"))
      << said;
  const auto after = ask("GET", "/v1/status");
  EXPECT_EQ(after["instances"], before["instances"]);
  EXPECT_EQ(after["auth_mode"], "enforce");
}

TEST_F(AppTest, ReloadOfARemovedFileKeepsTheOldState) {
  start();
  std::filesystem::remove(temp_ / "config.toml");
  EXPECT_TRUE(reload().starts_with("READY=1\nSTATUS=not reloaded: cannot read "));
  EXPECT_EQ(ask("GET", "/v1/status")["instances"][0]["state"], "valid");
}

TEST_F(AppTest, ReloadRelaxesNothingOnAListenerBeyondLoopback) {
  write("[http]\nevent_threads = 1\n" + role_toml());
  auto text = read_file(temp_ / "config.toml").value();
  text.replace(text.rfind("127.0.0.1:0"), 11, "0.0.0.0:0");
  ASSERT_TRUE(write_file_atomically(temp_ / "config.toml", text));
  start();
  // By itself this file is fine: its own aws.listen is loopback.
  write("[auth]\nmode = \"off\"\n" + role_toml());
  const auto said = reload();
  EXPECT_NE(said.find("not reloaded: "), std::string::npos) << said;
  EXPECT_NE(said.find("auth.mode: `off` while this process listens on `0.0.0.0:"),
            std::string::npos)
      << said;
  EXPECT_EQ(ask("GET", "/v1/status")["auth_mode"], "enforce");
}

TEST_F(AppTest, RefusedReloadLeavesTheCertificateAuthority) {
  const std::string tls = "tls_listen = [\"127.0.0.1:0\"]\n";
  write(tls + role_toml());
  start();
  const auto before = read_file(temp_ / "state/ca.pem");
  ASSERT_TRUE(before) << before.error().message;
  ASSERT_TRUE(write_file_atomically(temp_ / "state/identity-us-west-2.pem", "damaged"));
  const std::string hosts = tls + "allowed_hosts = [\"sts.example\"]\n";
  write(hosts + "region = \"us-west-2\"\n" + role_toml());
  const auto said = reload();
  EXPECT_NE(said.find("not reloaded: "), std::string::npos) << said;
  EXPECT_EQ(read_file(temp_ / "state/ca.pem").value(), *before);
  write(hosts + role_toml());
  EXPECT_EQ(reload(), "READY=1\nSTATUS=auth.mode enforce, 1 instance(s)");
  EXPECT_NE(read_file(temp_ / "state/ca.pem").value(), *before) << "vouches for the new name";
}

TEST_F(AppTest, ReloadGoesOnWithoutACertificateThatCannotBeMade) {
  const std::string tls = "tls_listen = [\"127.0.0.1:0\"]\n";
  write(tls + role_toml());
  start();
  // A folder in its place: no file can be renamed over it.
  ASSERT_TRUE(std::filesystem::remove(temp_ / "state/server.pem"));
  ASSERT_TRUE(std::filesystem::create_directory(temp_ / "state/server.pem"));
  write(tls + "allowed_hosts = [\"sts.example\"]\n[auth]\nmode = \"audit\"\n" + role_toml());
  const auto said = reload();
  EXPECT_TRUE(
      said.starts_with("READY=1\nSTATUS=auth.mode audit, 1 instance(s); aws.allowed_hosts: "))
      << said;
  EXPECT_EQ(ask("GET", "/v1/status")["auth_mode"], "audit");
}

TEST_F(AppTest, SecondDaemonDoesNotTakeTheStateOver) {
  start();
  auto loaded = load_config(temp_ / "config.toml", {});
  const auto second = App::create({temp_ / "config.toml", {}, {}, ""}, std::move(loaded->config));
  ASSERT_FALSE(second);
  EXPECT_NE(second.error()[0].message.find("is in use by another imdsd"), std::string::npos);
  EXPECT_EQ(ask("GET", "/v1/status")["instances"][0]["state"], "valid");
}

TEST_F(AppTest, TakenPortIsNamed) {
  start();
  const std::string taken = ask("GET", "/v1/status")["imds"]["listen"][0];
  const TempDir other;
  auto loaded = TestConfig{"state_dir = \"" + other / "state" + "\"\n[imds]\nlisten = [\"" + taken +
                           "\"]\n[admin]\nsocket = \"" + other / "a.sock" + "\"\n"}
                    .config();
  const auto second = App::create({"config.toml", {}, {}, ""}, std::move(loaded));
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error()[0].message.starts_with("imds.listen: " + taken))
      << second.error()[0].message;
}

TEST_F(AppTest, CorruptKeyRingIsAnErrorAtStart) {
  ASSERT_EQ(create(), "");
  app_.reset();
  const auto ring = temp_ / "state/session-keys.json";
  ASSERT_TRUE(write_file_atomically(ring, "{"));
  const auto said = create();
  EXPECT_NE(said.find("`" + ring + "`: "), std::string::npos) << said;
  EXPECT_EQ(read_file(ring).value(), "{");
}

TEST_F(AppTest, UnknownGroupIsAnErrorAtStart) {
  write("[auth]\nmode = \"enforce\"\n" + role_toml());
  auto text = read_file(temp_ / "config.toml").value();
  text.insert(text.find("socket = "), "group = \"no-such-group-here\"\n");
  ASSERT_TRUE(write_file_atomically(temp_ / "config.toml", text));
  EXPECT_EQ(create(),
            options_.config_path + ":3:9: admin.group: there is no group `no-such-group-here`\n");
}

}  // namespace
}  // namespace imdsd::daemon
