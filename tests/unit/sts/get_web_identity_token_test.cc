// SPDX-License-Identifier: MIT
#include "sts/get_web_identity_token.h"

#include <nlohmann/json.hpp>

#include "base/codec.h"
#include "sts/web_identity_issuer.h"
#include "tests/fakes/memory_signing_keys.h"
#include "tests/unit/sts/sts_fixture.h"

namespace imdsd::sts {
namespace {

using Json = nlohmann::json;

Json part(const std::string& token, std::size_t index) {
  std::string rest = token;
  for (; index > 0; --index) rest = rest.substr(rest.find('.') + 1);
  return Json::parse(base::base64url_decode_unpadded(rest.substr(0, rest.find('.'))).value());
}

class GetWebIdentityToken : public StsTest {
 protected:
  GetWebIdentityToken() {
    world_.users.push_back({.name = "dev",
                            .policies = {allow("sts:*", "*")},
                            .path = "/team/",
                            .tags = {{"color", "blue"}}});
    world_.users.push_back({.name = "plain", .policies = {allow("sts:GetWebIdentityToken", "*")}});
    world_.roles.push_back({.name = "app",
                            .trust = trust(R"({"AWS":"arn:aws:iam::123456789012:user/team/dev"})"),
                            .policies = {allow("sts:*", "*")},
                            .path = "/svc/"});
    enable();
  }

  void enable(bool enabled = true) {
    const auto written = world_.directory_service.write([&](iam::Transaction& transaction) {
      iam::Account account;
      account.account = account.name = account.unique_id = kAccount;
      account.created = transaction.now();
      account.outbound_federation = enabled;
      account.issuer_id = "0a1b";
      transaction.put(std::move(account));
      return true;
    });
    ASSERT_TRUE(written);
  }

  Authority authority() {
    auto authority = world_.authority();
    authority.signing_keys = std::make_shared<fakes::MemorySigningKeys>();
    authority.issuer_url = "https://localhost:1343";
    return authority;
  }

  ActionAnswer get(const iam::Caller& caller, Parameters parameters = {},
                   const std::string& algorithm = "RS256") {
    if (parameters.empty()) parameters = {{"Audience.member.1", "api"}};
    std::string form = "SigningAlgorithm=" + algorithm;
    for (const auto& [name, value] : parameters) {
      form += "&" + name + "=" + base::percent_encode(value);
    }
    const auto parsed = aws::QueryParameters::parse(form).value();
    const auto http = StsWorld::post(form);
    const auto decides_by = authority();
    return sts::call("GetWebIdentityToken", {.parameters = parsed,
                                             .caller = caller,
                                             .authority = decides_by,
                                             .directory = world_.directory_service,
                                             .mfa_throttle = world_.mfa_throttle,
                                             .http = http,
                                             .now = world_.clock.now(),
                                             .random = world_.random,
                                             .request_id = "r",
                                             .region = "eu-central-1"});
  }

  static Json claims(const ActionAnswer& answer) {
    return part(element(answer.xml.value(), "WebIdentityToken"), 1);
  }
};

TEST_F(GetWebIdentityToken, TellsWhoAUserIs) {
  const auto answer = get(user(), {{"Audience.member.1", "https://api.example"},
                                   {"Tags.member.1.Key", "job"},
                                   {"Tags.member.1.Value", "7"}});
  ASSERT_EQ(outcome(answer), "ok");
  EXPECT_EQ(element(*answer.xml, "Expiration"), "2026-01-01T00:05:00Z");
  const Json token = claims(answer);
  EXPECT_EQ(token["iss"], "https://localhost:1343/0a1b");
  EXPECT_EQ(token["aud"], "https://api.example");
  EXPECT_EQ(token["sub"], "arn:aws:iam::123456789012:user/team/dev");
  EXPECT_EQ(token["exp"].get<int>() - token["iat"].get<int>(), 300);
  EXPECT_EQ(token["jti"].get<std::string>().size(), 36u);
  EXPECT_EQ(token["https://sts.amazonaws.com/"],
            (Json{{"aws_account", "123456789012"},
                  {"source_region", "eu-central-1"},
                  {"principal_id", "arn:aws:iam::123456789012:user/team/dev"},
                  {"principal_tags", {{"color", "blue"}}},
                  {"request_tags", {{"job", "7"}}}}));
}

TEST_F(GetWebIdentityToken, OfASessionIsItsRoles) {
  const auto session = caller_of(
      call("AssumeRole", user(),
           {{"RoleArn", "arn:aws:iam::123456789012:role/svc/app"}, {"RoleSessionName", "run"}}));
  const Json token = claims(get(session));
  EXPECT_EQ(token["sub"], "arn:aws:iam::123456789012:role/svc/app");
  EXPECT_EQ(token["https://sts.amazonaws.com/"]["original_session_exp"], "2026-01-01T01:00:00Z");
  EXPECT_EQ(outcome(get(session, {{"Audience.member.1", "a"}, {"DurationSeconds", "3600"}})), "ok");
  world_.clock.advance(seconds(1));
  EXPECT_EQ(outcome(get(session, {{"Audience.member.1", "a"}, {"DurationSeconds", "3600"}})),
            "403 SessionDurationEscalationException The requested token duration would extend the "
            "session beyond its original expiration time.");
}

TEST_F(GetWebIdentityToken, SignsWithTheAlgorithmThatIsAskedFor) {
  for (const std::string algorithm : {"RS256", "ES384"}) {
    const auto answer = get(user(), {}, algorithm);
    ASSERT_EQ(outcome(answer), "ok") << algorithm;
    EXPECT_EQ(part(element(*answer.xml, "WebIdentityToken"), 0)["alg"], algorithm);
  }
}

TEST_F(GetWebIdentityToken, HasOneAudienceOrAList) {
  EXPECT_EQ(claims(get(user(), {{"Audience.member.1", "a"}, {"Audience.member.2", "b"}}))["aud"],
            (Json{"a", "b"}));
}

TEST_F(GetWebIdentityToken, ParametersHaveTheirConstraints) {
  Parameters eleven;
  for (int i = 1; i <= 11; ++i) eleven.emplace_back("Audience.member." + std::to_string(i), "a");
  const std::pair<Parameters, std::string> cases[] = {
      {{{"DurationSeconds", "59"}, {"Audience.member.1", "a"}}, "durationSeconds"},
      {{{"DurationSeconds", "3601"}, {"Audience.member.1", "a"}}, "durationSeconds"},
      {{{"Audience.member.1", ""}}, "audience.1.member"},
      {{{"Audience.member.1", std::string(1001, 'a')}}, "audience.1.member"},
      {{{"DurationSeconds", "60"}}, "Value null at 'audience'"},
      {eleven, "'audience'"},
  };
  for (const auto& [parameters, told] : cases) {
    const std::string refused = outcome(get(user(), parameters));
    EXPECT_TRUE(refused.starts_with("400 ValidationError ")) << refused;
    EXPECT_NE(refused.find(told), std::string::npos) << refused;
  }
  const std::string algorithm = outcome(get(user(), {}, "HS256"));
  EXPECT_NE(algorithm.find("signingAlgorithm"), std::string::npos) << algorithm;
}

TEST_F(GetWebIdentityToken, NeedsItsPermissionAndTagsTheirs) {
  EXPECT_EQ(outcome(get(user("plain"))), "ok");
  const auto tagged =
      get(user("plain"),
          {{"Audience.member.1", "a"}, {"Tags.member.1.Key", "k"}, {"Tags.member.1.Value", "v"}});
  EXPECT_NE(outcome(tagged).find("sts:TagGetWebIdentityToken"), std::string::npos)
      << outcome(tagged);
  world_.users[1].policies = {};
  EXPECT_TRUE(outcome(get(user("plain"))).starts_with("403 AccessDenied"));
}

TEST_F(GetWebIdentityToken, PoliciesSeeAudienceDurationAndAlgorithm) {
  const auto with = [&](const std::string& condition) {
    world_.users[1].policies = {
        R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:GetWebIdentityToken",)"
        R"("Resource":"*","Condition":)" +
        condition + "}}"};
    return outcome(get(user("plain"))).substr(0, 3);
  };
  EXPECT_EQ(with(R"({"ForAllValues:StringEquals":{"sts:IdentityTokenAudience":"api"}})"), "ok");
  EXPECT_EQ(with(R"({"ForAllValues:StringEquals":{"sts:IdentityTokenAudience":"b"}})"), "403");
  EXPECT_EQ(with(R"({"NumericLessThanEquals":{"sts:DurationSeconds":300}})"), "ok");
  EXPECT_EQ(with(R"({"NumericLessThanEquals":{"sts:DurationSeconds":299}})"), "403");
  EXPECT_EQ(with(R"({"StringEquals":{"sts:SigningAlgorithm":"ES384"}})"), "403");
}

TEST_F(GetWebIdentityToken, IsOffUntilTheAccountEnablesIt) {
  enable(false);
  EXPECT_TRUE(
      outcome(get(user())).starts_with("403 OutboundWebIdentityFederationDisabledException "))
      << outcome(get(user()));
}

TEST_F(GetWebIdentityToken, IsNoLongerThanOthersTake) {
  Parameters parameters;
  for (int i = 1; i <= 10; ++i) {
    parameters.emplace_back("Audience.member." + std::to_string(i), std::string(1000, 'a'));
  }
  EXPECT_EQ(outcome(get(user(), parameters)), "ok");
  for (int i = 1; i <= 50; ++i) {
    const std::string at = "Tags.member." + std::to_string(i);
    parameters.emplace_back(at + ".Key", std::to_string(i) + std::string(100, 'k'));
    parameters.emplace_back(at + ".Value", std::string(256, 'v'));
  }
  EXPECT_TRUE(outcome(get(user(), parameters)).starts_with("400 JWTPayloadSizeExceededException"));
}

TEST_F(GetWebIdentityToken, TheIssuerHasItsDocuments) {
  const auto serve = [&](const std::string& target, const std::string& method = "GET") {
    base::HttpRequest request;
    request.method = method;
    request.target = target;
    return serve_issuer(request, authority(), world_.clock.now());
  };
  const auto discovery = serve("/0a1b/.well-known/openid-configuration");
  ASSERT_TRUE(discovery);
  const Json document = Json::parse(discovery->body);
  EXPECT_EQ(document["issuer"], "https://localhost:1343/0a1b");
  EXPECT_EQ(document["jwks_uri"], "https://localhost:1343/0a1b/.well-known/jwks.json");
  EXPECT_EQ(Json::parse(serve("/0a1b/.well-known/jwks.json?x=1")->body)["keys"].size(), 2u);
  EXPECT_EQ(serve("/kubernetes/.well-known/jwks.json")->status, 200);
  EXPECT_EQ(serve("/.well-known/jwks.json")->status, 404) << "no account without an issuer";
  EXPECT_EQ(serve("/0a1c/.well-known/openid-configuration")->status, 404);
  EXPECT_FALSE(serve("/0a1b/.well-known/jwks.json", "POST"));
  EXPECT_FALSE(serve("/0a1b"));
  enable(false);
  EXPECT_EQ(serve("/0a1b/.well-known/jwks.json")->status, 200)
      << "tokens from before are verified as before";
}

TEST_F(GetWebIdentityToken, ItsOwnIssuersKeysAreKnown) {
  const auto own = [&](const std::string& issuer) {
    const auto keys = own_keys(issuer, authority(), world_.clock.now()).value();
    return keys ? keys->keys.size() : 0;
  };
  EXPECT_EQ(own("https://localhost:1343/0a1b"), 2u);
  EXPECT_EQ(own("https://localhost:1343/kubernetes"), 2u);
  EXPECT_EQ(own("https://localhost:1343/0a1c"), 0u) << "no account's";
  EXPECT_EQ(own("https://localhost:1343/"), 0u);
  EXPECT_EQ(own("https://localhost:1343"), 0u);
  EXPECT_EQ(own("https://localhost:13433/kubernetes"), 0u);
  EXPECT_EQ(own("https://other.example/kubernetes"), 0u);
}

TEST_F(GetWebIdentityToken, AServiceAccountsTokenIsAsKubernetesMakesIt) {
  const ServiceAccountTerms terms{.name_space = "web", .service_account = "front"};
  const auto token =
      service_account_token(terms, authority(), world_.clock.now(), world_.random).value();
  const Json claims = part(std::string(token.reveal()), 1);
  EXPECT_EQ(claims["iss"], "https://localhost:1343/kubernetes");
  EXPECT_EQ(claims["sub"], "system:serviceaccount:web:front");
  EXPECT_EQ(claims["aud"], Json{"sts.amazonaws.com"});
  EXPECT_EQ(claims["kubernetes.io"]["namespace"], "web");
  EXPECT_EQ(claims["kubernetes.io"]["serviceaccount"]["name"], "front");
  EXPECT_EQ(claims["exp"].get<int>() - claims["iat"].get<int>(), 3600);
  const ServiceAccountTerms wrong[] = {
      {.name_space = "Web"},
      {.name_space = "a.b"},
      {.service_account = "-a"},
      {.service_account = ""},
      {.audience = ""},
      {.duration = minutes(9)},
      {.duration = hours(24) + seconds(1)},
  };
  for (const auto& each : wrong) {
    EXPECT_FALSE(service_account_token(each, authority(), world_.clock.now(), world_.random));
  }
}

}  // namespace
}  // namespace imdsd::sts
