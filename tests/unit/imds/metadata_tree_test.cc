// SPDX-License-Identifier: MIT
#include "imds/metadata_tree.h"

#include <array>
#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "imds/snapshot.h"

namespace imdsd::imds {
namespace {

using Kind = MetadataRow::Kind;
using namespace std::chrono_literals;

constexpr base::SystemTime kBuilt = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);

/// Present while the snapshot has a role; a list with the entry `one`.
std::optional<ComputedValue> with_role(const MetadataView& view, std::string_view rest) {
  if (view.snapshot.role == nullptr) return std::nullopt;
  if (rest.empty()) return ComputedValue{"one", {}};
  if (rest == "one") return ComputedValue{"document", "Thu, 01 Jan 2026 00:00:00 GMT"};
  if (rest == "deep/er") return ComputedValue{"deeper", {}};
  return std::nullopt;
}

std::vector<MetadataRow> sample_rows() {
  return {
      {.path = "meta-data/placement/region", .value = "us-east-1"},
      {.path = "meta-data/placement/availability-zone", .value = "us-east-1a"},
      {.path = "meta-data/mac", .value = "0a:00:00:00:00:01"},
      {.path = "meta-data/empty"},
      {.path = "meta-data/network/interfaces/macs/0a:00:00:00:00:01/device-number", .value = "0"},
      {.path = "meta-data/network/interfaces/macs/0a:00:00:00:00:01/network-card-index",
       .value = "0",
       .listed = false},
      {.path = "meta-data/public-keys", .kind = Kind::list, .value = "0=my-key"},
      {.path = "meta-data/public-keys/0/openssh-key", .value = "ssh-rsa AAAA my-key\n"},
      {.path = "meta-data/role/info", .kind = Kind::computed, .compute = with_role},
      {.path = "meta-data/role/list", .kind = Kind::computed_list, .compute = with_role},
      {.path = "meta-data/role/hidden",
       .kind = Kind::computed_list,
       .compute = with_role,
       .listed = false},
      {.path = "user-data", .value = std::string("\0\xff", 2), .content_type = kOctetStream},
  };
}

class MetadataTreeTest : public testing::Test {
 protected:
  std::optional<MetadataValue> read(std::string_view path) {
    return tree_->read(path, {snapshot_, Delivery::imdsv2, kBuilt});
  }
  std::string body(std::string_view path) {
    const auto value = read(path);
    return value ? value->body : "(absent)";
  }

  std::shared_ptr<const MetadataTree> tree_ = MetadataTree::build(sample_rows(), kBuilt).value();
  InstanceSnapshot snapshot_;
};

TEST_F(MetadataTreeTest, ReadsLeaves) {
  EXPECT_EQ(body("meta-data/placement/region"), "us-east-1");
  EXPECT_EQ(body("meta-data/public-keys/0/openssh-key"), "ssh-rsa AAAA my-key\n");
  EXPECT_EQ(body("meta-data/empty"), "");
}

TEST_F(MetadataTreeTest, ListsNamesSortedWithoutFinalNewline) {
  EXPECT_EQ(body("meta-data"), "empty\nmac\nnetwork/\nplacement/\npublic-keys/");
  EXPECT_EQ(body("meta-data/placement"), "availability-zone\nregion");
  EXPECT_EQ(body("meta-data/network"), "interfaces/");
  EXPECT_EQ(body("meta-data/network/interfaces/macs"), "0a:00:00:00:00:01/");
}

TEST_F(MetadataTreeTest, ListsBareNamesInTheRoot) {
  EXPECT_EQ(body(""), "meta-data\nuser-data");
}

TEST_F(MetadataTreeTest, ServesAListAsItIsGiven) {
  EXPECT_EQ(body("meta-data/public-keys"), "0=my-key");
  EXPECT_EQ(body("meta-data/public-keys/0"), "openssh-key");
}

TEST_F(MetadataTreeTest, ServesButDoesNotListUnlistedRows) {
  const std::string mac = "meta-data/network/interfaces/macs/0a:00:00:00:00:01";
  EXPECT_EQ(body(mac), "device-number");
  EXPECT_EQ(body(mac + "/network-card-index"), "0");
}

TEST_F(MetadataTreeTest, LeavesOutWhatIsAbsent) {
  EXPECT_FALSE(read("meta-data/role"));
  EXPECT_FALSE(read("meta-data/role/info"));
  EXPECT_FALSE(read("meta-data/role/list"));
  EXPECT_FALSE(read("meta-data/role/list/one"));
  EXPECT_EQ(body("meta-data").find("role"), std::string::npos);
}

TEST_F(MetadataTreeTest, ComputesWhatIsPresent) {
  snapshot_.role = std::make_shared<const RoleDocuments>();
  EXPECT_EQ(body("meta-data"), "empty\nmac\nnetwork/\nplacement/\npublic-keys/\nrole/");
  EXPECT_EQ(body("meta-data/role"), "info\nlist/");
  EXPECT_EQ(body("meta-data/role/info"), "one");
  EXPECT_EQ(body("meta-data/role/list"), "one");
  EXPECT_EQ(body("meta-data/role/list/one"), "document");
  EXPECT_EQ(body("meta-data/role/list/deep/er"), "deeper");
  EXPECT_EQ(body("meta-data/role/hidden/one"), "document");
  EXPECT_FALSE(read("meta-data/role/list/two"));
}

TEST_F(MetadataTreeTest, HasNothingBelowALeaf) {
  snapshot_.role = std::make_shared<const RoleDocuments>();
  EXPECT_FALSE(read("meta-data/mac/x"));
  EXPECT_FALSE(read("meta-data/mac/x/y"));
  EXPECT_FALSE(read("meta-data/role/info/one"));
}

TEST_F(MetadataTreeTest, KnowsNoOtherNames) {
  for (const std::string_view path :
       {"meta-dat", "meta-data/", "meta-data/macs", "meta-data/ma", "Meta-Data", "x", "/", "mac"}) {
    EXPECT_FALSE(read(path)) << path;
  }
}

TEST_F(MetadataTreeTest, CarriesContentTypeAndDate) {
  snapshot_.role = std::make_shared<const RoleDocuments>();
  EXPECT_EQ(read("meta-data/mac")->content_type, "text/plain");
  EXPECT_EQ(read("meta-data")->content_type, "text/plain");
  EXPECT_EQ(read("user-data")->content_type, "application/octet-stream");
  EXPECT_EQ(read("user-data")->body, std::string("\0\xff", 2));
  EXPECT_EQ(read("meta-data/mac")->last_modified, "Fri, 02 Jan 2026 00:00:00 GMT");
  EXPECT_EQ(read("meta-data/role/list/one")->last_modified, "Thu, 01 Jan 2026 00:00:00 GMT");
  EXPECT_EQ(read("meta-data/role/info")->last_modified, "Fri, 02 Jan 2026 00:00:00 GMT");
}

TEST(MetadataTreeBuild, TakesRowsInAnyOrder) {
  auto rows = sample_rows();
  std::vector<MetadataRow> reversed(rows.rbegin(), rows.rend());
  const auto tree = MetadataTree::build(std::move(reversed), kBuilt);
  ASSERT_TRUE(tree) << tree.error().message;
  const InstanceSnapshot snapshot;
  const MetadataView view{snapshot, Delivery::imdsv1, kBuilt};
  EXPECT_EQ((*tree)->read("meta-data/public-keys", view)->body, "0=my-key");
  EXPECT_EQ((*tree)->read("meta-data/public-keys/0", view)->body, "openssh-key");
}

TEST(MetadataTreeBuild, MakesAnEmptyTree) {
  const auto tree = MetadataTree::build({}, kBuilt);
  ASSERT_TRUE(tree);
  const InstanceSnapshot snapshot;
  EXPECT_EQ((*tree)->read("", {snapshot, Delivery::imdsv1, kBuilt})->body, "");
}

TEST(MetadataTreeVersions, HideYoungerRowsAndEmptyFolders) {
  const auto tree = MetadataTree::build(
      {{.path = "a/old", .value = "1"},
       {.path = "a/new", .value = "2", .since = "2020-10-27"},
       {.path = "b/new", .value = "3", .since = "2020-10-27"},
       {.path = "c", .kind = Kind::list, .value = "0=x"},
       {.path = "c/0/new", .value = "4", .since = "2020-10-27"},
       {.path = "d", .kind = Kind::computed_list, .compute = with_role, .since = "2020-10-27"}},
      kBuilt);
  ASSERT_TRUE(tree) << tree.error().message;
  InstanceSnapshot snapshot;
  snapshot.role = std::make_shared<const RoleDocuments>();
  const auto body = [&](std::string_view path, std::string_view version) {
    const auto value = (*tree)->read(path, {snapshot, Delivery::imdsv1, kBuilt, version});
    return value ? value->body : "(absent)";
  };
  EXPECT_EQ(body("", "2019-10-01"), "a");
  EXPECT_EQ(body("a", "2019-10-01"), "old");
  EXPECT_EQ(body("", "2020-10-27"), "a\nb\nc\nd");
  EXPECT_EQ(body("a", "2021-01-03"), "new\nold");
  EXPECT_EQ(body("a", "latest"), "new\nold");
  for (const std::string_view path : {"a/new", "b", "b/new", "c", "c/0", "d", "d/one"}) {
    EXPECT_EQ(body(path, "2019-10-01"), "(absent)") << path;
    EXPECT_NE(body(path, "2020-10-27"), "(absent)") << path;
  }
}

TEST(MetadataTreeLazyRows, AreMadeOnceWhenTheyAreRead) {
  int made = 0;
  bool able = false;
  const auto tree =
      MetadataTree::build({{.path = "a/lazy",
                            .kind = Kind::lazy,
                            .make = [&](base::SystemTime) -> std::optional<std::string> {
                              if (!able) return std::nullopt;
                              return "value " + std::to_string(++made);
                            }}},
                          kBuilt);
  ASSERT_TRUE(tree) << tree.error().message;
  const InstanceSnapshot snapshot;
  const MetadataView view{snapshot, Delivery::imdsv1, kBuilt};
  EXPECT_EQ((*tree)->read("a", view)->body, "lazy");
  EXPECT_TRUE((*tree)->read("a/lazy", view)->unavailable);
  able = true;
  EXPECT_FALSE((*tree)->read("a/lazy", view)->unavailable);
  EXPECT_EQ((*tree)->read("a/lazy", view)->body, "value 1");
  EXPECT_EQ((*tree)->read("a/lazy", view)->body, "value 1");
}

TEST(MetadataTreeLazyRows, AreTheSameForManyReadersAndNobodyWaitsForAnother) {
  std::atomic<int> making = 0;
  std::latch together(2);  // opens only while two are at it
  const auto make = [&](base::SystemTime) -> std::optional<std::string> {
    const int mine = ++making;
    if (mine <= 2) together.arrive_and_wait();
    return "value " + std::to_string(mine);
  };
  const auto tree =
      MetadataTree::build({{.path = "lazy", .kind = Kind::lazy, .make = make}}, kBuilt);
  ASSERT_TRUE(tree) << tree.error().message;
  const InstanceSnapshot snapshot;
  std::array<std::string, 2> bodies;
  std::vector<std::jthread> readers;
  for (std::string& body : bodies) {
    readers.emplace_back([&] {
      const auto value = (*tree)->read("lazy", {snapshot, Delivery::imdsv1, kBuilt});
      if (value) body = value->body;
    });
  }
  readers.clear();
  EXPECT_TRUE(bodies[0].starts_with("value ")) << bodies[0];
  EXPECT_EQ(bodies[0], bodies[1]);
  EXPECT_EQ((*tree)->read("lazy", {snapshot, Delivery::imdsv1, kBuilt})->body, bodies[0]);
}

struct BadRows {
  std::string_view name;
  std::vector<MetadataRow> rows;
  std::string_view named;  // in the error
};

class MetadataTreeRefuses : public testing::TestWithParam<BadRows> {};

TEST_P(MetadataTreeRefuses, TheRow) {
  const auto tree = MetadataTree::build(GetParam().rows, kBuilt);
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().code, base::Errc::invalid_argument);
  EXPECT_NE(tree.error().message.find(GetParam().named), std::string::npos) << tree.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Table, MetadataTreeRefuses,
    testing::Values(
        BadRows{"empty_path", {{.path = ""}}, "``"},
        BadRows{"slash_in_front", {{.path = "/a"}}, "`/a`"},
        BadRows{"slash_behind", {{.path = "a/"}}, "`a/`"},
        BadRows{"doubled_slash", {{.path = "a//b"}}, "`a//b`"},
        BadRows{"repeated_leaf", {{.path = "a"}, {.path = "a"}}, "`a`"},
        BadRows{"repeated_list",
                {{.path = "a", .kind = Kind::list}, {.path = "a", .kind = Kind::list}},
                "`a`"},
        BadRows{"leaf_that_is_a_directory", {{.path = "a/b"}, {.path = "a"}}, "`a`"},
        BadRows{"below_a_leaf", {{.path = "a"}, {.path = "a/b"}}, "`a/b`"},
        BadRows{"below_a_computed_list",
                {{.path = "a", .kind = Kind::computed_list, .compute = with_role}, {.path = "a/b"}},
                "`a/b`"},
        BadRows{"computed_without_function", {{.path = "a", .kind = Kind::computed}}, "`a`"},
        BadRows{"lazy_without_function", {{.path = "a", .kind = Kind::lazy}}, "`a`"},
        BadRows{"function_without_computed", {{.path = "a", .compute = with_role}}, "`a`"}),
    [](const auto& i) { return std::string(i.param.name); });

TEST(DeferredMetadataTree, IsMadeOnceByWhoeverReadsItFirst) {
  std::atomic<int> made = 0;
  const auto tree = MetadataTree::deferred(
      [&made] {
        ++made;
        return sample_rows();
      },
      kBuilt);
  EXPECT_EQ(tree->last_modified(), MetadataTree::build({}, kBuilt).value()->last_modified());
  EXPECT_EQ(made, 0);
  const InstanceSnapshot snapshot;
  const MetadataView view{snapshot, Delivery::imdsv2, kBuilt};
  EXPECT_EQ(tree->read("meta-data/placement/region", view)->body, "us-east-1");
  EXPECT_FALSE(tree->read("meta-data/nothing", view));
  EXPECT_EQ(made, 1);
}

TEST(DeferredMetadataTree, ReadersThatComeTogetherSeeOneTree) {
  constexpr int kReaders = 4;
  std::latch start(kReaders);
  std::atomic<int> signatures = 0;
  const auto rows = [&signatures] {
    return std::vector<MetadataRow>{
        {.path = "signature", .kind = Kind::lazy, .make = [&signatures](base::SystemTime) {
           return std::optional(std::to_string(++signatures));
         }}};
  };
  const auto tree = MetadataTree::deferred(rows, kBuilt);
  std::array<std::string, kReaders> seen;
  {
    std::vector<std::jthread> readers;
    for (auto& text : seen) {
      readers.emplace_back([&] {
        const InstanceSnapshot snapshot;
        start.arrive_and_wait();
        for (int i = 0; i < 100; ++i) {
          text = tree->read("signature", {snapshot, Delivery::imdsv2, kBuilt})->body;
        }
      });
    }
  }
  for (const auto& text : seen) EXPECT_EQ(text, seen[0]);
}

TEST(DeferredMetadataTree, RowsThatDoNotFitAreAnEmptyTreeAndNoEndOfTheDaemon) {
  const auto tree = MetadataTree::deferred(
      [] {
        return std::vector<MetadataRow>{{.path = "a", .value = "1"}, {.path = "a", .value = "2"}};
      },
      kBuilt);
  const InstanceSnapshot snapshot;
  EXPECT_FALSE(tree->read("a", {snapshot, Delivery::imdsv2, kBuilt}));
}

}  // namespace
}  // namespace imdsd::imds
