// SPDX-License-Identifier: MIT
#include "console/console.h"

#include <chrono>

#include "console/page.h"
#include "tests/unit/console/console_fixture.h"

namespace imdsd::console {
namespace {

class PagesTest : public ConsoleTest {
 protected:
  base::HttpResponse answer(const base::HttpRequest& asked) { return console_.handle(asked); }
};

TEST_F(PagesTest, ServesThePageAndItsFiles) {
  const auto page = answer(request("GET", "/"));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_TRUE(page.headers.has("Content-Security-Policy"));
  // Whatever the page names is there.
  for (const std::string name : {"/console.css", "/icon.svg", "/main.js"}) {
    EXPECT_NE(page.body.find('"' + name + '"'), std::string::npos) << name;
    EXPECT_EQ(answer(request("GET", name)).status, 200) << name;
  }
  EXPECT_EQ(answer(request("GET", "/switchrole?account=1&roleName=r")).body, page.body);
  EXPECT_EQ(answer(request("GET", "/none")).status, 404);
  EXPECT_EQ(answer(request("GET", "/../console.css")).status, 404);
  EXPECT_EQ(answer(request("POST", "/")).status, 405);
}

TEST_F(PagesTest, HaveNothingInlineThatThePolicyForbids) {
  const auto page = answer(request("GET", "/"));
  for (const std::string part : {"<script>", " style=", " onclick=", "http://", "https://"}) {
    EXPECT_EQ(page.body.find(part), std::string::npos) << part;
  }
}

TEST_F(PagesTest, AreRefusedToForeignPages) {
  auto rebound = request("GET", "/api/welcome");
  rebound.headers.set("Host", "evil.example");
  EXPECT_EQ(answer(rebound).status, 403);
  rebound.headers.set("Host", "console.example.test");
  EXPECT_EQ(answer(rebound).status, 200);
  rebound.headers.add("Origin", "http://evil.example");
  EXPECT_EQ(answer(rebound).status, 403);
}

TEST_F(ConsoleTest, AChangeTakesTheTokenOfItsSession) {
  sign_in();
  const std::string own = csrf_;
  for (const std::string wrong : {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    csrf_ = wrong;
    post("sign-out");
    EXPECT_EQ(status_, 403) << wrong;
  }
  csrf_ = own;
  EXPECT_EQ(get("session")["user"]["name"], "James") << "still signed in";
  post("sign-out");
  EXPECT_EQ(status_, 200);
  EXPECT_EQ(cookie_, "imdsd-console-1340=");
}

TEST_F(ConsoleTest, AFormOfAnotherSiteSignsNobodyIn) {
  auto form = request("POST", "/api/sign-in", R"({"user":"James","password":"The-1st-password"})");
  form.headers.set("Content-Type", "text/plain");
  EXPECT_EQ(console_.handle(form).status, 415);
}

TEST_F(ConsoleTest, NothingIsToldWithoutASession) {
  for (const auto& operation : Console::operations()) {
    if (operation.name == "welcome" || operation.name == "sign-in") continue;
    EXPECT_EQ(ask(request(std::string(operation.method), "/api/" + std::string(operation.name)))
                  .value("user", ""),
              "");
    EXPECT_TRUE(status_ == 401 || status_ == 403) << operation.name;
    EXPECT_EQ(console_.handle_operation(operation.name, request(std::string(operation.method), "/"))
                  .status,
              401)
        << operation.name;
  }
}

TEST_F(ConsoleTest, SwitchesToARoleThatTrustsTheUserAndBack) {
  sign_in();
  const Json switched = post("switch-role", {{"role", "S3-role"}, {"color", "red"}});
  ASSERT_EQ(status_, 200) << switched;
  EXPECT_EQ(switched["identity"]["arn"], "arn:aws:sts::123456789012:assumed-role/S3-role/James");
  EXPECT_EQ(switched["identity"]["expires"], "2026-01-01T01:00:00Z");
  EXPECT_EQ(switched["user"]["arn"], kJames);
  EXPECT_EQ(switched["role"]["display_name"], "S3-role @ 123456789012");
  EXPECT_EQ(switched["role"]["color"], "red");
  EXPECT_EQ(audit_.records.back().action, "AssumeRole");
  EXPECT_EQ(get("session"), switched);
  const Json back = post("switch-back");
  EXPECT_EQ(back["identity"]["arn"], kJames);
  EXPECT_FALSE(back.contains("role"));
}

/// A session's name has two characters or more.
TEST_F(ConsoleTest, AUserOfOneCharacterSwitchesToo) {
  world_.users.push_back({.name = "J"});
  world_.roles[0].trust = support::trust(R"({"AWS":"arn:aws:iam::123456789012:user/J"})");
  publish();
  change_user("J", [this](iam::User& user) {
    user.login_profile =
        world_.directory_service.snapshot()->find<iam::User>(kAccount, "James")->login_profile;
  });
  sign_in({{"user", "J"}});
  EXPECT_EQ(post("switch-role", {{"role", "S3-role"}})["identity"]["arn"],
            "arn:aws:sts::123456789012:assumed-role/S3-role/J@123456789012");
}

TEST_F(ConsoleTest, ADenialSaysWhichLayerAndWhat) {
  world_.roles[0].trust = support::trust(R"({"AWS":"arn:aws:iam::123456789012:root"})");
  publish();
  sign_in();
  const Json denied = post("switch-role", {{"role", "S3-role"}});
  EXPECT_EQ(status_, 403);
  EXPECT_EQ(denied["code"], "AccessDenied");
  EXPECT_EQ(
      denied["error"],
      "User: " + kJames + " is not authorized to perform: sts:AssumeRole on resource: " + kRole);
  EXPECT_NE(
      denied["explanation"].get<std::string>().find("identity-based policy     implicit deny"),
      std::string::npos);
  EXPECT_EQ(denied["request_id"], audit_.records.back().request_id);
  EXPECT_EQ(get("session")["identity"]["arn"], kJames) << "who it was";
  world_.users[0].policies = {support::allow("sts:AssumeRole", kRole)};
  publish();
  post("switch-role", {{"role", "S3-role"}});
  EXPECT_EQ(status_, 200) << "the account is trusted, and lets James";
}

TEST_F(ConsoleTest, FromRoleToRoleGoesTheUser) {
  world_.roles.push_back(
      {.name = "other",
       .trust = support::trust(R"({"AWS":"arn:aws:iam::123456789012:user/James"})")});
  publish();
  sign_in();
  post("switch-role", {{"role", "S3-role"}});
  EXPECT_EQ(post("switch-role", {{"role", "other"}, {"session_name", "audit"}})["identity"]["arn"],
            "arn:aws:sts::123456789012:assumed-role/other/audit");
}

TEST_F(ConsoleTest, ARoleThatHasEndedLeavesTheUser) {
  sign_in();
  post("switch-role", {{"role", "S3-role"}});
  world_.clock.advance(std::chrono::minutes(59));
  EXPECT_TRUE(get("session").contains("role"));
  world_.clock.advance(std::chrono::minutes(1));
  const Json after = get("requests")["session"];
  EXPECT_EQ(after["identity"]["arn"], kJames);
  EXPECT_EQ(after["role_ended"], "The session in the role S3-role @ 123456789012 has expired.");
  EXPECT_EQ(get("session"), after);
  EXPECT_FALSE(post("switch-role", {{"role", "S3-role"}}).contains("role_ended"));
  world_.drop_role("S3-role");
  publish();
  EXPECT_EQ(get("session")["identity"]["arn"], kJames);
  EXPECT_EQ(get("session")["role_ended"],
            "The session in the role S3-role @ 123456789012 has ended: STS refuses its "
            "credentials. Was the role deleted?");
  EXPECT_FALSE(post("switch-back").contains("role_ended")) << "whoever does that knows";
}

TEST_F(ConsoleTest, LookingAtRequestsTellsWhoOneIs) {
  sign_in();
  EXPECT_EQ(get("requests")["session"], get("session"));
  const Json switched = post("switch-role", {{"role", "S3-role"}});
  EXPECT_EQ(get("requests")["session"], switched);
}

TEST_F(ConsoleTest, AUserWhoIsGoneIsSignedOutEvenIfAnotherHasTheName) {
  sign_in();
  write([](iam::Transaction& transaction) {
    transaction.erase(transaction.directory().find<iam::User>(kAccount, "James"));
  });
  EXPECT_EQ(get("session")["code"], "NotSignedIn");
  EXPECT_EQ(status_, 401);
}

TEST_F(ConsoleTest, HandsOutTheCredentialsOfWhomItIs) {
  sign_in();
  const auto arn_of = [this](const Json& given) {
    const aws::Credentials credentials{given["AccessKeyId"],
                                       base::Secret(given["SecretAccessKey"].get<std::string>()),
                                       base::Secret(given["SessionToken"].get<std::string>()),
                                       {}};
    auto request = support::StsWorld::post("Action=GetCallerIdentity&Version=2011-06-15");
    world_.sign(request, credentials);
    return gateway_.handle(request).body;
  };
  EXPECT_NE(arn_of(post("credentials")).find("<Arn>" + kJames + "<"), std::string::npos);
  post("switch-role", {{"role", "S3-role"}});
  EXPECT_NE(arn_of(post("credentials")).find("assumed-role/S3-role/James<"), std::string::npos);
}

TEST_F(ConsoleTest, CredentialsSayWhoseTheyAre) {
  sign_in();
  EXPECT_EQ(post("credentials")["Arn"], kJames);
  post("switch-role", {{"role", "S3-role"}});
  EXPECT_EQ(post("credentials")["Arn"], "arn:aws:sts::123456789012:assumed-role/S3-role/James");
  world_.drop_role("S3-role");
  publish();
  EXPECT_EQ(post("credentials")["Arn"], kJames);
}

TEST_F(ConsoleTest, BySocketTheSessionIsInAHeader) {
  fakes::HttpRequestBuilder form("POST", "/v1/console/sign-in");
  const auto response = console_.handle_operation(
      "sign-in", form.body(R"({"user":"James","password":"The-1st-password"})").build());
  ASSERT_EQ(response.status, 200);
  const Json session = Json::parse(response.body);
  fakes::HttpRequestBuilder who("GET", "/v1/console/session");
  who.header(std::string(Console::kSessionHeader), session["session_token"]);
  EXPECT_EQ(console_.handle_operation("session", who.build()).status, 200);
  EXPECT_EQ(console_.handle_operation("nothing", who.build()).status, 404);
}

}  // namespace
}  // namespace imdsd::console
