// SPDX-License-Identifier: MIT
// Versions, listings, slashes, and a crawl as cloud-init and Ansible do it.
#include <algorithm>
#include <set>
#include <string>

#include "imds/api_versions.h"
#include "imds/error_page.h"
#include "imds/identity_document.h"
#include "tests/unit/imds/service_fixture.h"

namespace imdsd::imds {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

class ServiceTree : public ServiceFixture {
 protected:
  /// Collects every path below `directory`, which ends in a slash.
  void crawl(const std::string& directory, std::set<std::string>& leaves) {
    for (const std::string& name : lines_of(get(directory).body)) {
      if (name.ends_with('/')) {
        crawl(directory + name, leaves);
      } else {
        leaves.insert(directory + name);
      }
    }
  }
};

TEST_F(ServiceTree, ListsVersions) {
  const auto response = get("/");
  EXPECT_EQ(response.status, 200);
  const auto versions = lines_of(response.body);
  EXPECT_EQ(versions.size(), std::size(kDatedVersions) + 1);
  EXPECT_EQ(versions.front(), "1.0");
  EXPECT_EQ(versions.back(), "latest");
  EXPECT_EQ(get("//").body, response.body);
}

TEST_F(ServiceTree, ListsTheTopWithoutSlashes) {
  EXPECT_EQ(get("/latest").body, "dynamic\nmeta-data\nuser-data");
  description_.user_data.reset();
  publish();
  EXPECT_EQ(get("/latest/").body, "dynamic\nmeta-data");
}

TEST_F(ServiceTree, ListsMetaData) {
  EXPECT_EQ(
      get("/latest/meta-data/").body,
      "ami-id\nami-launch-index\nami-manifest-path\nblock-device-mapping/\nevents/\nhostname\n"
      "iam/\nidentity-credentials/\ninstance-action\ninstance-id\ninstance-life-cycle\n"
      "instance-type\nlocal-hostname\nlocal-ipv4\nmac\nmetrics/\nnetwork/\nplacement/\nprofile\n"
      "public-hostname\npublic-ipv4\nreservation-id\nsecurity-groups\nservices/\nsystem");
  EXPECT_EQ(get("/latest/meta-data/iam/").body, "info\nsecurity-credentials/");
  EXPECT_EQ(get("/latest/meta-data/placement/").body,
            "availability-zone\navailability-zone-id\nregion");
  EXPECT_EQ(get("/latest/meta-data/services/").body, "domain\npartition");
  EXPECT_EQ(get("/latest/dynamic/").body, "fws/\ninstance-identity/");
  EXPECT_EQ(get("/latest/dynamic/instance-identity").body, "document");
}

TEST_F(ServiceTree, ShowsNoLessInALaterVersion) {
  std::set<std::string> before;
  for (const std::string_view version : kDatedVersions) {
    const std::string base = "/" + std::string(version);
    EXPECT_EQ(get(base + "/meta-data/instance-id").body, "i-0a1b2c3d4e5f60718") << version;
    std::set<std::string> leaves, names;
    crawl(base + "/meta-data/", leaves);
    for (const std::string& leaf : leaves) {
      EXPECT_EQ(get(leaf).status, 200) << leaf;
      names.insert(leaf.substr(base.size()));
      EXPECT_EQ(get(leaf).body, get("/latest" + leaf.substr(base.size())).body) << leaf;
    }
    EXPECT_TRUE(std::includes(names.begin(), names.end(), before.begin(), before.end())) << version;
    before = std::move(names);
  }
  std::set<std::string> leaves, latest;
  crawl("/latest/meta-data/", leaves);
  for (const std::string& leaf : leaves) latest.insert(leaf.substr(7));
  EXPECT_EQ(latest, before);
  EXPECT_EQ(get("/2024-04-11").body, get("/latest").body);
}

TEST_F(ServiceTree, HidesInADatedVersionWhatIsYounger) {
  EXPECT_EQ(get("/2020-10-27/meta-data/system").status, 404);
  EXPECT_EQ(get("/2022-09-24/meta-data/system").body, "nitro");
  EXPECT_EQ(get("/2011-05-01/meta-data/iam/info").status, 404);
  EXPECT_EQ(get("/2011-05-01" + std::string(kRolePath).substr(7)).status, 404);
  EXPECT_EQ(get("/2012-01-12/meta-data/iam/info").status, 200);
  EXPECT_EQ(get("/1.0/dynamic").status, 404);
}

TEST_F(ServiceTree, FetchesEveryListedNameInEverySpelling) {
  std::set<std::string> leaves;
  crawl("/latest/meta-data/", leaves);
  crawl("/latest/dynamic/", leaves);
  leaves.insert("/latest/user-data");
  EXPECT_EQ(leaves.size(), 50u);
  for (const std::string& leaf : leaves) {
    const auto response = get(leaf);
    EXPECT_EQ(response.status, 200) << leaf;
    EXPECT_EQ(header(response, "Server"), "EC2ws");
    EXPECT_EQ(header(response, "Accept-Ranges"), "none");
    EXPECT_EQ(header(response, "Last-Modified"), "Thu, 01 Jan 2026 00:00:00 GMT");
    EXPECT_EQ(header(response, "Location"), "(absent)");
    std::string doubled;
    for (const char c : leaf) doubled += c == '/' ? std::string("//") : std::string(1, c);
    for (const std::string& spelling :
         {leaf + "/", leaf + "//", "/" + leaf, doubled, leaf + "?x=1"}) {
      const auto again = get(spelling);
      EXPECT_EQ(again.status, 200) << spelling;
      EXPECT_EQ(again.body, response.body) << spelling;
    }
    // Every directory on the way, with and without its slash.
    for (std::size_t slash = leaf.rfind('/'); slash > 0; slash = leaf.rfind('/', slash - 1)) {
      const auto with = get(leaf.substr(0, slash + 1)), without = get(leaf.substr(0, slash));
      EXPECT_EQ(with.status, 200) << leaf.substr(0, slash);
      EXPECT_EQ(without.status, 200) << leaf.substr(0, slash);
      EXPECT_EQ(with.body, without.body);
      EXPECT_FALSE(with.body.ends_with('\n'));
    }
  }
}

TEST_F(ServiceTree, ServesTheIdentityDocumentAsText) {
  const auto response = get("/latest/dynamic/instance-identity/document/");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "Content-Type"), "text/plain");
  EXPECT_EQ(response.body, identity_document(complete(description_)));
}

TEST_F(ServiceTree, ServesUserDataAsBytes) {
  description_.user_data = std::string("\x1f\x8b\0\n\n", 5);
  publish();
  for (const char* path : {"/latest/user-data", "/latest/user-data/", "/2009-04-04/user-data"}) {
    const auto response = get(path);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, std::string("\x1f\x8b\0\n\n", 5));
    EXPECT_EQ(header(response, "Content-Type"), "application/octet-stream");
    EXPECT_EQ(response.headers.get_all("Content-Type").size(), 1u);
    EXPECT_EQ(header(response, "Content-Encoding"), "(absent)");
  }
}

TEST_F(ServiceTree, TakesNoNoticeOfRangesAndEncodings) {
  const auto plain = get("/latest/meta-data/");
  const auto asked =
      get("/latest/meta-data/", {{"Range", "bytes=1-0"}, {"Accept-Encoding", "gzip"}});
  EXPECT_EQ(asked.status, 200);
  EXPECT_EQ(asked.body, plain.body);
  EXPECT_EQ(asked.headers.lines().size(), plain.headers.lines().size());
}

TEST_F(ServiceTree, AnswersHeadLikeGet) {
  for (const char* path : {"/", "/latest/meta-data/mac", "/latest/none", kRolePath}) {
    const auto get_answer = get(path), head_answer = send("HEAD", path);
    EXPECT_EQ(head_answer.status, get_answer.status);
    EXPECT_EQ(head_answer.body, get_answer.body);  // left out when it is sent
    ASSERT_EQ(head_answer.headers.lines().size(), get_answer.headers.lines().size());
    for (const auto& line : get_answer.headers.lines()) {
      EXPECT_EQ(header(head_answer, line.name), line.value);
    }
  }
}

class NotFound : public ServiceFixture, public testing::WithParamInterface<std::string_view> {};

TEST_P(NotFound, IsThePageOfEc2) {
  description_ = {
      .id = "i-1", .type = "t3.micro", .availability_zone = "us-east-1a", .account_id = "1"};
  publish();
  const auto response = get(std::string(GetParam()));
  EXPECT_EQ(response.status, 404) << GetParam();
  EXPECT_EQ(response.body, error_page(404));
  EXPECT_EQ(header(response, "Content-Type"), "text/html");
  EXPECT_EQ(header(response, "Server"), "EC2ws");
}

INSTANTIATE_TEST_SUITE_P(Paths, NotFound,
                         testing::Values("/latest/none", "/lates", "/latest-data", "/2099-01-01/",
                                         "/2021-03-23x/meta-data/", "/1.0.1/", "/latest/api",
                                         "/api/token", "/latest/meta-datakernel-id",
                                         "/latest/meta-data/spot/instance-action",
                                         "/latest/meta-data/mac/x", "/latest/meta-data/public-ipv4",
                                         "/latest/meta-data/public-hostname", "/latest/user-data",
                                         "/latest/Meta-Data/mac", "/latest/./meta-data",
                                         "/favicon.ico", "/meta-data/mac",
                                         "/latest/latest/meta-data/mac"));

TEST_F(ServiceTree, RefusesPathsThatMeanSomethingElse) {
  for (const char* path : {"/latest/../latest/", "/latest/%2e%2e/", "/latest/meta-data%2Fmac",
                           "/latest/meta-data/mac%00", "/latest/%", "*", "latest"}) {
    const auto response = get(path);
    EXPECT_EQ(response.status, 400) << path;
    EXPECT_EQ(response.body, error_page(400));
  }
}

TEST_F(ServiceTree, TruncatedTargetsAreAnsweredOrNotFound) {
  const std::string target = kRolePath;
  for (std::size_t n = 1; n < target.size(); ++n) {
    const int status = get(target.substr(0, n)).status;
    EXPECT_TRUE(status == 200 || status == 404) << target.substr(0, n) << " " << status;
  }
}

TEST_F(ServiceTree, RefusesARebindingName) {
  const auto request = [](std::string host) {
    return fakes::HttpRequestBuilder("GET", kRolePath).header("Host", std::move(host)).build();
  };
  EXPECT_EQ(service_.handle(request("attacker.example:1338")).status, 403);
  EXPECT_EQ(service_.handle(request("metadata.internal:1338")).status, 403);
  options_.allowed_hosts = {"metadata.internal"};
  publish();
  EXPECT_EQ(service_.handle(request("metadata.internal:1338")).status, 200);
  EXPECT_EQ(service_.handle(request("::1")).status, 200);
}

TEST_F(ServiceTree, IsUnavailableBeforeTheFirstSnapshot) {
  const Instance empty("i-1", random_);
  const Service service(clock_, empty);
  const auto request = fakes::HttpRequestBuilder("GET", "/").header("Host", "localhost").build();
  EXPECT_EQ(service.handle(request).status, 503);
  EXPECT_EQ(header(service.handle(request), "Server"), "EC2ws");
}

}  // namespace
}  // namespace imdsd::imds
