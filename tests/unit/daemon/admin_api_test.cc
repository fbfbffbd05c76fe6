// SPDX-License-Identifier: MIT
#include "daemon/admin_api.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/admin_core.h"
#include "tests/fakes/http_request_builder.h"

namespace imdsd::daemon {
namespace {

constexpr unsigned kOwn = 1000, kOther = 4'000'000, kGroup = 4'000'001;

class AdminApiTest : public testing::Test {
 protected:
  std::vector<std::string> asked_, rotated_;
  base::Result<void> outcome_;
  AdminApi api_{
      AdminAccess(kOwn, kGroup),
      core_routes({[this](const std::string& instance) -> base::Result<StatusReport> {
                     asked_.push_back(instance);
                     if (instance == "nobody") return base::fail(base::Errc::not_found, "no such");
                     StatusReport report;
                     report.instances.resize(1);
                     return report;
                   },
                   [this](const std::string& id) {
                     rotated_.push_back(id);
                     return outcome_;
                   },
                   [](const ExplainQuery& query) -> base::Result<std::string> {
                     if (query.request_id == "unknown") {
                       return base::fail(base::Errc::not_found, "not among the last denials");
                     }
                     return query.request_id + query.caller + query.action + query.resource;
                   },
                   [this] { return certificate_; },
                   [this](const sts::ServiceAccountTerms& terms) -> base::Result<base::Secret> {
                     terms_ = terms;
                     if (terms.name_space == "bad") {
                       return base::fail(base::Errc::invalid_argument, "no namespace");
                     }
                     return base::Secret("e.y.J");
                   },
                   [this]() -> base::Result<IdentityCertificates> {
                     IMDSD_TRY_VOID(outcome_);
                     IMDSD_TRY(auto keys, imds::generate_identity_keys("us-east-1", {}));
                     return IdentityCertificates{"us-east-1", std::move(keys)};
                   }})};
  sts::ServiceAccountTerms terms_;
  base::Result<std::string> certificate_ = std::string("PEM");

  [[nodiscard]] base::HttpResponse send(const char* method, const char* target, unsigned uid = kOwn,
                                        unsigned gid = kOther) const {
    auto request = fakes::HttpRequestBuilder(method, target).build();
    request.peer.unix_credentials = base::HttpPeer::UnixCredentials{1, uid, gid};
    return api_.handle(request);
  }
};

TEST_F(AdminApiTest, StatusAndEnvironmentOfOneInstance) {
  EXPECT_EQ(send("GET", "/v1/status").status, 200);
  EXPECT_EQ(send("GET", "/v1/status?instance=web").status, 200);
  EXPECT_EQ(send("GET", "/v1/env").status, 200);
  const auto unreachable = send("GET", "/v1/env?instance=web");
  EXPECT_EQ(unreachable.status, 404);
  EXPECT_NE(unreachable.body.find("give it `listen`"), std::string::npos) << unreachable.body;
  EXPECT_EQ(asked_, (std::vector<std::string>{"", "web", "", "web"}));
  EXPECT_EQ(send("GET", "/v1/status?instance=nobody").status, 404);
  EXPECT_EQ(send("GET", "/v1/env?instance=nobody").status, 404);
  EXPECT_EQ(send("GET", "/v1/status?name=web").status, 400);
  EXPECT_EQ(send("POST", "/v1/rotate?instance=web").status, 200);
  EXPECT_EQ(asked_.back(), "web");
}

TEST_F(AdminApiTest, AnswersJson) {
  const auto response = send("GET", "/v1/status");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
  EXPECT_TRUE(nlohmann::json::parse(response.body).contains("instances"));
  EXPECT_EQ(nlohmann::json::parse(send("GET", "/v1/env").body)["hosts"], nlohmann::json::array());
}

TEST_F(AdminApiTest, GivesTheCertificateOfTheAuthority) {
  EXPECT_EQ(send("GET", "/v1/ca").body, "PEM");
  certificate_ = base::fail(base::Errc::not_found, "none");
  EXPECT_EQ(send("GET", "/v1/ca").status, 404);
}

TEST_F(AdminApiTest, GivesTokensOfServiceAccounts) {
  const auto response = send("POST", "/v1/token");
  EXPECT_EQ(response.body, "e.y.J");
  EXPECT_EQ(response.headers.get("Content-Type"), "application/jwt");
  EXPECT_EQ(terms_.service_account, "default");
  EXPECT_EQ(
      send("POST", "/v1/token?namespace=n&service-account=s&audience=a%2Fb&duration=600").status,
      200);
  EXPECT_EQ(terms_.name_space + terms_.service_account + terms_.audience, "nsa/b");
  EXPECT_EQ(terms_.duration, std::chrono::minutes(10));
  EXPECT_EQ(send("POST", "/v1/token?duration=1h").status, 400);
  EXPECT_EQ(send("POST", "/v1/token?name=n").status, 400);
  EXPECT_EQ(send("POST", "/v1/token?namespace=bad").status, 400);
  EXPECT_EQ(send("GET", "/v1/token").status, 405);
}

TEST_F(AdminApiTest, RotatesOneOrAll) {
  EXPECT_EQ(send("POST", "/v1/rotate").status, 200);
  EXPECT_EQ(send("POST", "/v1/rotate?instance=i-0a1b2c3d").status, 200);
  EXPECT_EQ(send("POST", "/v1/rotate?instance=%69-1").status, 200);
  EXPECT_EQ(rotated_, (std::vector<std::string>{"", "i-0a1b2c3d", "i-1"}));
}

TEST_F(AdminApiTest, FailuresOfARotationHaveTheirReason) {
  outcome_ = base::fail(base::Errc::not_found, "no instance `x`");
  EXPECT_EQ(send("POST", "/v1/rotate?instance=x").status, 404);
  outcome_ = base::fail(base::Errc::access_denied, "not admitted");
  const auto response = send("POST", "/v1/rotate");
  EXPECT_EQ(response.status, 502);
  EXPECT_EQ(nlohmann::json::parse(response.body)["error"], "not admitted");
}

TEST_F(AdminApiTest, ExplainsARequestOrWhatWouldBe) {
  EXPECT_EQ(send("GET", "/v1/explain?request=r1").body, "r1");
  const auto asked = send("GET", "/v1/explain?caller=arn%3Aa&action=s3%3AGetObject&resource=*");
  EXPECT_EQ(asked.body, "arn:as3:GetObject*");
  EXPECT_EQ(asked.headers.get("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(send("GET", "/v1/explain?request=unknown").status, 404);
  EXPECT_EQ(send("GET", "/v1/explain").status, 200) << "the last denial";
  for (const char* query : {"?caller=a", "?caller=a&action=b", "?request=a&caller=b&action=c:d",
                            "?request=a&more=b", "?request=a&encoded=true&json=true",
                            "?caller=a&action=b:c&encoded=true", "?caller=a&action=b:c&key=d"}) {
    EXPECT_EQ(send("GET", (std::string("/v1/explain") + query).c_str()).status, 400) << query;
  }
}

TEST_F(AdminApiTest, TellsCertificatesAndNoKey) {
  const auto response = send("GET", "/v1/identity-certificates");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.find("PRIVATE"), std::string::npos);
  const auto json = nlohmann::json::parse(response.body);
  EXPECT_EQ(json["region"], "us-east-1");
  ASSERT_EQ(json["certificates"].size(), 4u);
  EXPECT_EQ(json["certificates"][1]["type"], "pkcs7");
  EXPECT_EQ(json["certificates"][1]["algorithm"], "DSA-1024 with SHA-1");
  EXPECT_TRUE(json["certificates"][1]["pem"].get<std::string>().starts_with("-----BEGIN CERT"));
  outcome_ = base::fail(base::Errc::internal, "libcrypto refuses");
  EXPECT_EQ(send("GET", "/v1/identity-certificates").status, 502);
}

TEST_F(AdminApiTest, RefusesWhatItDoesNotHave) {
  EXPECT_EQ(send("GET", "/").status, 404);
  EXPECT_EQ(send("GET", "/v1/status/").status, 404);
  EXPECT_EQ(send("GET", "/v1/rotate").status, 405);
  EXPECT_EQ(send("GET", "/v1/rotate").headers.get("Allow"), "POST");
  EXPECT_EQ(send("POST", "/v1/rotate?id=x").status, 400);
  EXPECT_EQ(send("POST", "/v1/rotate?instance=x&y=z").status, 400);
  EXPECT_EQ(send("POST", "/v1/rotate?instance=%zz").status, 400);
  EXPECT_TRUE(rotated_.empty());
}

TEST_F(AdminApiTest, NamesEveryMethodOfAPath) {
  const auto answer = [](const base::HttpRequest& r) { return admin_answer(200, r.method); };
  const AdminApi api(AdminAccess(kOwn, kGroup), {{"GET", "/a", answer}, {"POST", "/a", answer}});
  auto request = fakes::HttpRequestBuilder("POST", "/a").build();
  request.peer.unix_credentials = base::HttpPeer::UnixCredentials{1, kOwn, kOther};
  EXPECT_EQ(api.handle(request).body, "POST");
  request.method = "PUT";
  EXPECT_EQ(api.handle(request).headers.get("Allow"), "GET, POST");
}

TEST_F(AdminApiTest, AdmitsOwnUserRootAndGroup) {
  EXPECT_EQ(send("GET", "/v1/status", kOwn).status, 200);
  EXPECT_EQ(send("GET", "/v1/status", 0).status, 200);
  EXPECT_EQ(send("GET", "/v1/status", kOther, kGroup).status, 200);
  const auto refused = send("POST", "/v1/rotate", kOther);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(nlohmann::json::parse(refused.body)["error"],
            "user 4000000 is neither root nor the daemon's user 1000, nor in admin.group");
  EXPECT_TRUE(rotated_.empty());
}

TEST_F(AdminApiTest, RefusesWhoCameOverTcp) {
  const auto request =
      fakes::HttpRequestBuilder("GET", "/v1/status").from("127.0.0.1:5000").build();
  EXPECT_EQ(api_.handle(request).status, 403);
}

TEST(AdminAccess, WithoutAGroupNobodyElse) {
  base::HttpPeer peer;
  peer.unix_credentials = base::HttpPeer::UnixCredentials{1, kOther, kGroup};
  EXPECT_EQ(AdminAccess(kOwn, std::nullopt).refuse(peer),
            "user 4000000 is neither root nor the daemon's user 1000, and admin.group names no "
            "group");
}

TEST(AdminAccess, GroupsAreLookedUpByName) {
  EXPECT_EQ(AdminAccess::make("no-such-group-here").error().message,
            "admin.group: there is no group `no-such-group-here`");
  EXPECT_EQ(AdminAccess::make("root")->group(), 0U);
  EXPECT_EQ(AdminAccess::make("")->group(), std::nullopt);
}

/// By the user database, whatever group the peer's process runs under.
TEST(AdminAccess, MembershipCountsBesideThePeersOwnGroup) {
  base::HttpPeer peer;  // Debian's user 1 is daemon, whose group is 1
  peer.unix_credentials = base::HttpPeer::UnixCredentials{1, 1, kOther};
  EXPECT_EQ(AdminAccess(kOwn, 1U).refuse(peer), std::nullopt);
  EXPECT_NE(AdminAccess(kOwn, kGroup).refuse(peer), std::nullopt);
}

}  // namespace
}  // namespace imdsd::daemon
