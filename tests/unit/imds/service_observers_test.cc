// SPDX-License-Identifier: MIT
// What the service tells of its answers: counters, and deliveries of credentials.
#include "tests/unit/imds/service_fixture.h"

namespace imdsd::imds {
namespace {

using Token = RequestCounters::Token;

struct Told {
  std::string instance_id, door, access_key_id, path;
  friend bool operator==(const Told&, const Told&) = default;
};

class RecordingSink final : public DeliverySink {
 public:
  void record(const CredentialDelivery& delivery) override {
    told.push_back({std::string(delivery.instance_id), std::string(delivery.door),
                    std::string(delivery.access_key_id), std::string(delivery.request.path())});
  }
  std::vector<Told> told;
};

class ServiceObservers : public ServiceFixture {
 protected:
  ServiceObservers() {
    auto snapshot = instance_->snapshot.load();
    instance_ = std::make_shared<Instance>("i-0a1b2c3d4e5f60718", random_,
                                           InstanceObservers{counters_, &sink_});
    instance_->snapshot.store(std::move(snapshot));
    observed_.emplace(clock_, *instance_);
  }

  int send(std::string method, std::string target, const Headers& headers = {}) {
    return answer(std::move(method), std::move(target), headers).status;
  }
  base::HttpResponse answer(std::string method, std::string target, const Headers& headers) {
    fakes::HttpRequestBuilder request(std::move(method), std::move(target));
    request.header("Host", "127.0.0.1:1338");
    for (const auto& [name, value] : headers) request.header(name, value);
    return observed_->handle(request.build());
  }
  std::string new_token() {
    return answer("PUT", "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "60"}})
        .body;
  }
  std::uint64_t count(std::string_view family, int status) {
    for (const auto& row : counters_->rows()) {
      if (to_string(row.family) == family && row.status == status) return row.count;
    }
    return 0;
  }

  RecordingSink sink_;
  std::shared_ptr<RequestCounters> counters_ = std::make_shared<RequestCounters>();
  std::optional<Service> observed_;
};

TEST_F(ServiceObservers, AnswersAreCountedByFamilyAndStatus) {
  EXPECT_EQ(send("GET", "/latest/meta-data/instance-id"), 200);
  EXPECT_EQ(send("GET", "//latest//meta-data/placement/region"), 200);
  EXPECT_EQ(send("GET", "/1.0/meta-data/no-such"), 404);
  EXPECT_EQ(send("GET", "/metrics"), 404);
  EXPECT_EQ(send("GET", "/"), 200);
  EXPECT_EQ(send("POST", "/latest/user-data"), 405);
  EXPECT_EQ(send("GET", "/latest/user-data", {{"Origin", "http://page"}}), 403);
  EXPECT_EQ(count("meta-data", 200), 1U);
  EXPECT_EQ(count("meta-data/placement", 200), 1U);
  EXPECT_EQ(count("meta-data", 404), 1U);
  EXPECT_EQ(count("other", 404), 1U);
  EXPECT_EQ(count("versions", 200), 1U);
  EXPECT_EQ(count("user-data", 405), 1U);
  EXPECT_EQ(count("other", 403), 1U) << "refused before the path was looked at";
}

TEST_F(ServiceObservers, VersionOneIsCountedAsCloudWatchDoes) {
  send("GET", "/latest/meta-data/mac");
  send("GET", "/latest/meta-data/no-such");
  send("GET", "/latest/meta-data/mac", {{"X-aws-ec2-metadata-token", new_token()}});
  EXPECT_EQ(counters_->tokens(Token::none), 1U) << "successful ones without a token";
  EXPECT_EQ(counters_->tokens(Token::none_and_needed), 0U);
  options_.http_tokens = HttpTokens::required;
  publish();
  EXPECT_EQ(send("GET", "/latest/meta-data/mac"), 401);
  EXPECT_EQ(counters_->tokens(Token::none), 1U);
  EXPECT_EQ(counters_->tokens(Token::none_and_needed), 1U);
}

TEST_F(ServiceObservers, TokensAreCounted) {
  const auto token = new_token();
  EXPECT_EQ(send("PUT", "/latest/api/token"), 400);
  EXPECT_EQ(send("GET", "/latest/meta-data/mac", {{"X-aws-ec2-metadata-token", "forged"}}), 401);
  clock_.advance(std::chrono::seconds(61));
  EXPECT_EQ(send("GET", "/latest/meta-data/mac", {{"X-aws-ec2-metadata-token", token}}), 401);
  EXPECT_EQ(counters_->tokens(Token::issued), 1U);
  EXPECT_EQ(counters_->tokens(Token::refused), 2U);
  EXPECT_EQ(counters_->tokens(Token::none_and_needed), 0U);
}

TEST_F(ServiceObservers, EachDeliveryOfCredentialsIsTold) {
  options_.extended_credentials = true;
  publish();
  const std::string extended = "/latest/meta-data/iam/security-credentials-extended/app-role";
  send("GET", kRolePath);
  send("GET", kRolePath, {{"X-aws-ec2-metadata-token", new_token()}});
  send("GET", extended);
  const std::string id = "i-0a1b2c3d4e5f60718";
  const std::vector<Told> expected{{id, "imdsv1", "ASIAONE", kRolePath},
                                   {id, "imdsv2", "ASIATWO", kRolePath},
                                   {id, "imdsv1", "ASIAONE", extended}};
  EXPECT_EQ(sink_.told, expected);
}

TEST_F(ServiceObservers, NothingIsToldWhereNothingIsDelivered) {
  send("HEAD", kRolePath);
  send("GET", "/latest/meta-data/iam/security-credentials/");
  send("GET", "/latest/meta-data/iam/security-credentials/other");
  send("GET", "/latest/meta-data/iam/info");
  clock_.advance(std::chrono::hours(7));
  EXPECT_EQ(send("GET", kRolePath), 200) << "says that the credentials have expired";
  EXPECT_TRUE(sink_.told.empty());
}

}  // namespace
}  // namespace imdsd::imds
