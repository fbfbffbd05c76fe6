// SPDX-License-Identifier: MIT
#include "tests/unit/iam/ensure_fixture.h"

namespace imdsd::iam {
namespace {

using namespace ensured;

class EnsurePolicyTest : public EnsureTest {
 protected:
  Messages ensure_text(const std::string& action) {
    Declarations declarations;
    Declarations::DeclaredPolicy policy;
    name(policy, "limits");
    policy.document = allow(action);
    declarations.policies.push_back(std::move(policy));
    return ensure(declarations);
  }
  void add_by_api(const std::string& action, bool as_default) {
    ManagedPolicy policy = *limits();
    const std::string id = "v" + std::to_string(++policy.last_version);
    policy.versions.push_back({id, allow(action), {}, Origin::api});
    if (as_default) policy.default_version = id;
    put(std::move(policy));
  }
  /// "v1:s3:Get* v2:s3:Put* (v1)", the default one in brackets.
  std::string versions() {
    std::string out;
    for (const ManagedPolicyVersion& version : limits()->versions) {
      out += version.id + ":" + action_of(*version.document) + " ";
    }
    return out + "(" + limits()->default_version + ")";
  }
  std::shared_ptr<const ManagedPolicy> limits() {
    return directory_.find<ManagedPolicy>(kAccount, "limits");
  }

 private:
  static std::string action_of(const PolicyDocument& document) {
    const std::string before = R"("Action":")";
    const auto begin = document.text.find(before) + before.size();
    return document.text.substr(begin, document.text.find('"', begin) - begin);
  }
  static std::shared_ptr<const PolicyDocument> allow(const std::string& action) {
    return std::make_shared<const PolicyDocument>(document(
        R"({"Effect":"Allow","Action":")" + action + R"(","Resource":"*"})", PolicyKind::identity));
  }
};

TEST_F(EnsurePolicyTest, MakesTheFilesVersionTheDefaultAgain) {
  ensure_text("s3:Get*");
  add_by_api("s3:Put*", true);
  ASSERT_EQ(ensure_text("s3:Get*"), Messages{});
  EXPECT_EQ(versions(), "v1:s3:Get* v2:s3:Put* (v1)");
  ASSERT_EQ(report_.versions.size(), 1U);
  EXPECT_EQ(report_.versions[0].arn, "arn:aws:iam::123456789012:policy/limits");
  EXPECT_EQ(report_.versions[0].default_version, "v1");
  EXPECT_EQ(report_.versions[0].overruled, "v2");
  EXPECT_EQ(report_.versions[0].dropped, "");
  ASSERT_EQ(ensure_text("s3:Get*"), Messages{});
  EXPECT_EQ(changes_, 0U);
}

TEST_F(EnsurePolicyTest, MakesAVersionOfAnotherText) {
  ensure_text("s3:Get*");
  add_by_api("s3:Put*", false);
  ASSERT_EQ(ensure_text("s3:List*"), Messages{});
  EXPECT_EQ(versions(), "v1:s3:Get* v2:s3:Put* v3:s3:List* (v3)");
  EXPECT_TRUE(report_.versions.empty()) << "the former default was the file's";
  ensure_text("s3:Put*");
  EXPECT_EQ(versions(), "v1:s3:Get* v2:s3:Put* v3:s3:List* (v2)") << "a text that is there";
}

TEST_F(EnsurePolicyTest, KeepsToFiveVersions) {
  ensure_text("s3:Get*");
  add_by_api("s3:Put*", false);
  ensure_text("s3:List*");
  add_by_api("s3:A", true);
  add_by_api("s3:B", false);
  ensure_text("s3:C");
  EXPECT_EQ(versions(), "v2:s3:Put* v3:s3:List* v4:s3:A v5:s3:B v6:s3:C (v6)");
  ASSERT_EQ(report_.versions.size(), 1U);
  EXPECT_EQ(report_.versions[0].overruled, "v4");
  EXPECT_EQ(report_.versions[0].dropped, "") << "that was the file's own";
  ensure_text("s3:D");
  EXPECT_EQ(versions(), "v2:s3:Put* v4:s3:A v5:s3:B v6:s3:C v7:s3:D (v7)");
  ManagedPolicy changed = *limits();
  for (ManagedPolicyVersion& version : changed.versions) version.origin = Origin::api;
  changed.default_version = "v2";
  put(std::move(changed));
  ensure_text("s3:E");
  EXPECT_EQ(versions(), "v2:s3:Put* v5:s3:B v6:s3:C v7:s3:D v8:s3:E (v8)");
  ASSERT_EQ(report_.versions.size(), 1U);
  EXPECT_EQ(report_.versions[0].dropped, "v4") << "the oldest that was not in force";
}

TEST_F(EnsurePolicyTest, TakesItsVersionsBackFromAPolicyOfTheApis) {
  ensure_text("s3:Get*");
  ManagedPolicy changed = *limits();
  changed.origin = changed.versions[0].origin = Origin::api;
  put(std::move(changed));
  ensure_text("s3:List*");
  EXPECT_EQ(versions(), "v1:s3:Get* v2:s3:List* (v2)");
  ASSERT_EQ(ensure({}), Messages{});
  EXPECT_EQ(versions(), "v1:s3:Get* (v1)");
  ASSERT_EQ(report_.taken_back.size(), 1U);
  EXPECT_EQ(report_.taken_back[0].items, Messages{"version v2"});
  ensure_text("s3:List*");
  changed = *limits();
  changed.versions.erase(changed.versions.begin());
  put(std::move(changed));
  ensure({});
  EXPECT_EQ(versions(), "v3:s3:List* (v3)") << "there is no other";
  EXPECT_TRUE(report_.taken_back.empty());
  ensure({});
  EXPECT_EQ(changes_, 0U);
}

}  // namespace
}  // namespace imdsd::iam
