// SPDX-License-Identifier: MIT
#include "containers/pod_identity_service.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sts/web_identity_issuer.h"
#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/memory_signing_keys.h"
#include "tests/support/oidc_issuer.h"
#include "tests/support/sts_world.h"

namespace imdsd::containers {
namespace {

using nlohmann::json;
using std::chrono::hours;

constexpr const char* kCluster = "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC";

class GivenKeys final : public sts::OidcKeySource {
 public:
  explicit GivenKeys(std::string jwks) : jwks_(std::move(jwks)) {}
  base::Result<std::shared_ptr<const sts::JsonWebKeySet>> find(const Request& request) override {
    if (request.issuer != kCluster) return base::fail(base::Errc::not_found, "no such issuer");
    return std::make_shared<const sts::JsonWebKeySet>(sts::JsonWebKeySet::parse(jwks_).value());
  }

 private:
  std::string jwks_;
};

class PodIdentityServiceTest : public testing::Test {
 protected:
  PodIdentityServiceTest() {
    world_.oidc_keys = std::make_shared<GivenKeys>(cluster_.jwks());
    auto authority = world_.authority();
    authority.signing_keys = std::make_shared<fakes::MemorySigningKeys>();
    authority.issuer_url = "http://127.0.0.1:1339";
    authority_.store(std::make_shared<const sts::Authority>(std::move(authority)));
    PodIdentityTable table;
    table.issuers = {kCluster};
    table.by_subject.emplace(
        service_account_subject("shop", "cart"),
        PodIdentityAssociation{"arn:aws:eks:eu-west-1:123456789012:podidentityassociation/dev/a-1",
                               "shop", "cart", cell_});
    associations_.store(std::make_shared<const PodIdentityTable>(std::move(table)));
    RenderedCredentials credentials;
    credentials.expiration = world_.clock.now() + hours(24);
    credentials.access_key_id = "ASIA1";
    credentials.document = pod_credentials(
        support::kAccount,
        {"ASIA1", base::Secret("secret"), base::Secret("token"), credentials.expiration});
    cell_->store(std::make_shared<const RenderedCredentials>(std::move(credentials)));
  }

  /// One that imdsd's own cluster signs.
  std::string own_token(std::string audience = std::string(kPodIdentityAudience),
                        std::string service_account = "cart") {
    const sts::ServiceAccountTerms terms{.name_space = "shop",
                                         .service_account = std::move(service_account),
                                         .audience = std::move(audience),
                                         .duration = hours(1)};
    return std::string(
        sts::service_account_token(terms, *authority_.load(), world_.clock.now(), world_.random)
            ->reveal());
  }

  [[nodiscard]] json claims() const {
    const auto now = std::chrono::floor<std::chrono::seconds>(world_.clock.now());
    const auto seconds = now.time_since_epoch().count();
    return {{"iss", kCluster},
            {"sub", "system:serviceaccount:shop:cart"},
            {"aud", {kPodIdentityAudience}},
            {"iat", seconds},
            {"nbf", seconds},
            {"exp", seconds + 3600}};
  }

  [[nodiscard]] base::HttpResponse get(const std::string& authorization,
                                       const std::string& host = "169.254.170.23") const {
    fakes::HttpRequestBuilder builder("GET", "/v1/credentials");
    builder.header("Host", host);
    if (!authorization.empty()) builder.header("Authorization", authorization);
    return service_.handle(builder.build());
  }

  /// Without the id of the request, which differs each time.
  [[nodiscard]] std::string error(const std::string& authorization) const {
    const auto response = get(authorization);
    EXPECT_EQ(response.headers.get("Content-Type"), "text/plain; charset=utf-8");
    std::string body = response.body;
    if (body.starts_with('[')) body.erase(0, body.find(' ') + 1);
    return std::to_string(response.status) + " " + body;
  }

  support::StsWorld world_;
  support::OidcIssuer cluster_{"RS256"};
  base::SnapshotCell<sts::Authority> authority_;
  std::shared_ptr<CredentialCell> cell_ = std::make_shared<CredentialCell>();
  base::SnapshotCell<PodIdentityTable> associations_;
  std::vector<std::string> delivered_;
  PodIdentityService service_{world_.clock, world_.random, authority_, associations_,
                              [this](std::string_view holder, std::string_view key, const auto&) {
                                delivered_.push_back(std::string(holder) + " " + std::string(key));
                              }};
};

TEST_F(PodIdentityServiceTest, GivesTheAssociationsCredentials) {
  for (const std::string& token : {own_token(), cluster_.token(claims())}) {
    const auto response = get(token);
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
    EXPECT_EQ(json::parse(response.body), (json{{"AccessKeyId", "ASIA1"},
                                                {"SecretAccessKey", "secret"},
                                                {"Token", "token"},
                                                {"AccountId", "123456789012"},
                                                {"Expiration", "2026-01-02T00:00:00Z"}}));
  }
}

TEST_F(PodIdentityServiceTest, TellsOfDeliveriesAndOfNothingElse) {
  (void)get(own_token());
  (void)get("no token");
  EXPECT_EQ(delivered_,
            std::vector<std::string>{
                "arn:aws:eks:eu-west-1:123456789012:podidentityassociation/dev/a-1 ASIA1"});
}

TEST_F(PodIdentityServiceTest, TheAgentRefusesWhatIsNoToken) {
  EXPECT_EQ(error(""), "400 Service account token cannot be empty\n");
  EXPECT_EQ(error("abc"),
            "400 Service account token cannot be parsed: not three parts with dots between "
            "them\n");
  const std::string token = own_token();
  EXPECT_EQ(error("Bearer " + token).substr(0, 43), "400 Service account token cannot be parsed:");
  auto dated = claims();
  dated["exp"] = dated["iat"];
  EXPECT_EQ(error(cluster_.token(dated)),
            "400 Service account token failed basic claim validations: token has invalid claims: "
            "token is expired\n");
  dated = claims();
  dated["nbf"] = dated["exp"];
  EXPECT_EQ(error(cluster_.token(dated)),
            "400 Service account token failed basic claim validations: token has invalid claims: "
            "token is not valid yet\n");
  auto nobody = claims();
  nobody.erase("sub");
  EXPECT_EQ(error(cluster_.token(nobody)),
            "400 Service account token failed basic claim validations: Missing a required claim: "
            "sub\n");
}

TEST_F(PodIdentityServiceTest, OnlyTokensOfTheClusterForThisAudienceCount) {
  EXPECT_EQ(error(own_token("sts.amazonaws.com")),
            "400 (InvalidTokenException): Audience in token does not match the expected audience "
            "pods.eks.amazonaws.com, fault: client\n");
  auto foreign = claims();
  foreign["iss"] = "https://elsewhere.example";
  EXPECT_EQ(error(cluster_.token(foreign)),
            "400 (InvalidTokenException): Issuer in token is not that of the cluster, fault: "
            "client\n");
  const support::OidcIssuer forger("RS256");
  EXPECT_EQ(error(forger.token(claims())),
            "400 (InvalidTokenException): The ID Token's signature is not one of its issuer, "
            "fault: client\n");
  auto stolen = claims();
  stolen["iss"] = "http://127.0.0.1:1339/kubernetes";
  EXPECT_EQ(error(cluster_.token(stolen)).substr(0, 28), "400 (InvalidTokenException):");
}

TEST_F(PodIdentityServiceTest, EveryTruncationAndFlipOfATokenIsRefused) {
  const std::string token = cluster_.token(claims());
  ASSERT_EQ(get(token).status, 200);
  for (std::size_t i = 0; i < token.size(); ++i) {
    EXPECT_EQ(get(token.substr(0, i)).status, 400) << i;
    std::string flipped = token;
    flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(get(flipped).status, 400) << i;
  }
}

TEST_F(PodIdentityServiceTest, AServiceAccountNeedsAnAssociation) {
  EXPECT_EQ(error(own_token(std::string(kPodIdentityAudience), "other")),
            "404 (ResourceNotFoundException): No association found for "
            "system:serviceaccount:shop:other, fault: client\n");
}

TEST_F(PodIdentityServiceTest, ARoleThatDoesNotTrustEksIsTold) {
  RenderedCredentials none;
  none.failure = "the trust policy says no";
  cell_->store(std::make_shared<const RenderedCredentials>(none));
  EXPECT_EQ(error(own_token()),
            "400 (AccessDeniedException): Unauthorized Exception! EKS does not have permissions to "
            "assume the associated role. (the trust policy says no), fault: client\n");
}

TEST_F(PodIdentityServiceTest, OtherPathsAre404AndOtherHosts403) {
  const auto at = [&](const char* method, const char* target, const char* host) {
    return service_.handle(fakes::HttpRequestBuilder(method, target).header("Host", host).build());
  };
  EXPECT_EQ(at("GET", "/", "[fd00:ec2::23]").body, "404 page not found\n");
  EXPECT_EQ(at("GET", "/v1/credentials/", "fd00:ec2::23").status, 404);
  EXPECT_EQ(at("POST", "/v1/credentials", "127.0.0.1:1342").status, 405);
  EXPECT_EQ(at("GET", "/v1/credentials", "evil.example").status, 403);
  EXPECT_EQ(get(own_token(), "[fd00:ec2::23]").status, 200);
}

TEST_F(PodIdentityServiceTest, AnswersBeforeThereIsAConfiguration) {
  const std::string token = own_token();
  associations_.store(nullptr);
  EXPECT_EQ(error(token),
            "503 (ServiceUnavailableException): There is no configuration yet, fault: server\n");
}

}  // namespace
}  // namespace imdsd::containers
