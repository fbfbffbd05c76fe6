// SPDX-License-Identifier: MIT
#include <string>

#include "tests/unit/s3/service_fixture.h"

namespace imdsd::s3 {
namespace {

using support::policy_of;

constexpr const char* kDelete = R"({"Effect":"Allow","Action":"s3:DeleteObject","Resource":"*"})";

class DeleteObjects : public S3ServiceTest {
 protected:
  DeleteObjects() { call("PUT", "/box"); }

  Called delete_keys(const std::string& objects, const Headers& headers = {}) {
    return call("POST", "/box?delete", "<Delete>" + objects + "</Delete>", headers);
  }
  void allow(const std::string& statements) { world_.users[0].policies = {policy_of(statements)}; }
};

TEST_F(DeleteObjects, AreDecidedKeyByKeyWhenManyAreDeleted) {
  for (const auto* key : {"mine/a", "mine/b", "theirs/c"})
    call("PUT", "/box/" + std::string(key), "x");
  world_.users[0].policies = {policy_of(
      R"({"Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::box/mine/*"},)"
      R"({"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"})")};
  const Called deleted =
      call("POST", "/box?delete",
           "<Delete><Object><Key>mine/a</Key></Object><Object><Key>mine/none</Key></Object>"
           "<Object><Key>theirs/c</Key></Object></Delete>");
  EXPECT_EQ(deleted.status, 200) << deleted.message;
  EXPECT_TRUE(deleted.has("<Deleted><Key>mine/a</Key></Deleted>")) << deleted.body;
  EXPECT_TRUE(deleted.has("<Deleted><Key>mine/none</Key></Deleted>"));
  EXPECT_TRUE(deleted.has("<Error><Key>theirs/c</Key><Code>AccessDenied</Code>"));
  const Called left = call("GET", "/box?list-type=2");
  EXPECT_TRUE(left.has("<Key>mine/b</Key>"));
  EXPECT_TRUE(left.has("<Key>theirs/c</Key>"));
  EXPECT_FALSE(left.has("<Key>mine/a</Key>"));
}

TEST_F(DeleteObjects, TheFirstDenialIsTheOneThatIsTold) {
  allow(R"({"Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::box/mine/*"})");
  const std::string keys =
      "<Object><Key>mine/a</Key></Object><Object><Key>theirs/b</Key></Object>"
      "<Object><Key>theirs/c</Key></Object><Object><Key>mine/d</Key></Object>";
  for (const auto mode : {iam::AuthMode::enforce, iam::AuthMode::audit}) {
    world_.mode = mode;
    const Called deleted = delete_keys(keys);
    EXPECT_EQ(deleted.has("<Error>"), mode == iam::AuthMode::enforce) << deleted.body;
    EXPECT_EQ(deleted.findings.resource, "arn:aws:s3:::box/theirs/b");
    EXPECT_FALSE(deleted.findings.decision->allowed());
    ASSERT_TRUE(deleted.findings.explanation);
    EXPECT_NE(deleted.findings.explanation.text().find("theirs/b"), std::string::npos);
    EXPECT_EQ(deleted.findings.would_deny, mode == iam::AuthMode::audit);
    EXPECT_EQ(deleted.findings.permissions.size(), 4U);
  }
}

TEST_F(DeleteObjects, ByAnETagTakesTheRightToRead) {
  const std::string etag =
      call("PUT", "/box/k", "x", {{"x-amz-tagging", "team=blue"}}).header("ETag");
  const std::string by_etag = "<Object><Key>k</Key><ETag>" + etag + "</ETag></Object>";
  allow(kDelete);
  const Called one = call("DELETE", "/box/k", "", {{"If-Match", etag}});
  EXPECT_EQ(one.code, "AccessDenied");
  EXPECT_NE(one.message.find("perform: s3:GetObject on"), std::string::npos) << one.message;
  EXPECT_TRUE(delete_keys(by_etag).has("perform: s3:GetObject on"));
  allow(std::string(kDelete) +
        R"(,{"Effect":"Allow","Action":"s3:GetObject","Resource":"*",)"
        R"("Condition":{"StringEquals":{"s3:ExistingObjectTag/team":"blue"}}})");
  EXPECT_EQ(call("DELETE", "/box/k", "", {{"If-Match", "\"other\""}}).code, "PreconditionFailed");
  EXPECT_EQ(call("DELETE", "/box/k", "", {{"If-Match", etag}}).status, 204);
}

TEST_F(DeleteObjects, IfThereIsOneTakesNoMore) {
  call("PUT", "/box/k", "x");
  allow(kDelete);
  EXPECT_EQ(call("DELETE", "/box/k", "", {{"If-Match", "*"}}).status, 204);
}

TEST_F(DeleteObjects, EachKeyHasItsOwnCondition) {
  call("PUT", "/box/k", "x");
  allow(R"({"Effect":"Allow","Action":"s3:DeleteObject","Resource":"*","Condition":)"
        R"({"Null":{"s3:if-match":"false"}}})");
  const std::string unconditional = "<Object><Key>k</Key></Object>";
  EXPECT_TRUE(delete_keys(unconditional).has("<Code>AccessDenied</Code>"));
  EXPECT_TRUE(delete_keys(unconditional, {{"If-Match", "*"}}).has("<Code>AccessDenied</Code>"))
      << "the head has none";
  EXPECT_TRUE(delete_keys("<Object><Key>k</Key><ETag>*</ETag></Object>").has("<Deleted>"));
}

}  // namespace
}  // namespace imdsd::s3
