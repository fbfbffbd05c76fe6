// SPDX-License-Identifier: MIT
#include <filesystem>
#include <string>

#include "tests/unit/s3/service_fixture.h"

namespace imdsd::s3 {
namespace {

using support::policy_of;

class CopyObject : public S3ServiceTest {
 protected:
  CopyObject() {
    call("PUT", "/box");
    call("PUT", "/other");
  }

  Called copy(const Headers& headers = {}) {
    Headers all = headers;
    all.emplace_back("x-amz-copy-source", "box/k");
    return call("PUT", "/other/k", "", all);
  }
};

TEST_F(CopyObject, ComesWithWhatIsKnownOfThem) {
  call("PUT", "/box/k", "hello",
       {{"Content-Type", "text/plain"}, {"x-amz-meta-a", "1"}, {"x-amz-tagging", "team=blue"}});
  const Called copied = call("PUT", "/other/copy", "", {{"x-amz-copy-source", "/box/k"}});
  EXPECT_EQ(copied.status, 200) << copied.message;
  EXPECT_TRUE(copied.has("5d41402abc4b2a76b9719d911017c592"));
  const Called got = call("GET", "/other/copy");
  EXPECT_EQ(got.body, "hello");
  EXPECT_EQ(got.header("Content-Type"), "text/plain");
  EXPECT_EQ(got.header("x-amz-meta-a"), "1");
  EXPECT_EQ(got.header("x-amz-tagging-count"), "1");
  call("PUT", "/other/new", "",
       {{"x-amz-copy-source", "box/k"},
        {"x-amz-metadata-directive", "REPLACE"},
        {"x-amz-meta-b", "2"},
        {"x-amz-tagging-directive", "REPLACE"}});
  const Called replaced = call("GET", "/other/new");
  EXPECT_EQ(replaced.header("x-amz-meta-a"), "(none)");
  EXPECT_EQ(replaced.header("x-amz-meta-b"), "2");
  EXPECT_EQ(replaced.header("x-amz-tagging-count"), "(none)");
  EXPECT_EQ(call("PUT", "/box/k", "", {{"x-amz-copy-source", "box/k"}}).code, "InvalidRequest");
  EXPECT_EQ(call("PUT", "/box/x", "", {{"x-amz-copy-source", "box/none"}}).code, "NoSuchKey");
  EXPECT_EQ(call("PUT", "/box/x", "", {{"x-amz-copy-source", "none/k"}}).code, "NoSuchBucket");
  EXPECT_EQ(call("PUT", "/box/x", "",
                 {{"x-amz-copy-source", "box/k"}, {"x-amz-copy-source-if-match", "\"other\""}})
                .code,
            "PreconditionFailed");
}

TEST_F(CopyObject, ACopyNeedsBothSides) {
  call("PUT", "/box/k", "hello");
  const auto denied_action = [&](const std::string& statements) {
    world_.users[0].policies = {policy_of(statements)};
    const Called copied = call("PUT", "/other/k", "", {{"x-amz-copy-source", "box/k"}});
    const auto at = copied.message.find("perform: ");
    return at == std::string::npos
               ? copied.code
               : copied.message.substr(at + 9, copied.message.find(" on ") - at - 9);
  };
  EXPECT_EQ(denied_action(R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"*"})"),
            "s3:PutObject");
  EXPECT_EQ(denied_action(R"({"Effect":"Allow","Action":"s3:PutObject","Resource":"*"})"),
            "s3:GetObject");
  EXPECT_EQ(denied_action(R"({"Effect":"Allow","Action":"s3:*Object","Resource":"*"})"), "");
}

TEST_F(CopyObject, OfTagsTakesTheRightToReadAndToSetThem) {
  call("PUT", "/box/k", "hello", {{"x-amz-tagging", "team=blue"}});
  const auto allow = [&](const std::string& more) {
    world_.users[0].policies = {policy_of(
        R"({"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"})" + more)};
  };
  constexpr const char* kRead =
      R"(,{"Effect":"Allow","Action":"s3:GetObjectTagging","Resource":"arn:aws:s3:::box/*"})";
  allow("");
  EXPECT_NE(copy().message.find("perform: s3:GetObjectTagging on"), std::string::npos);
  EXPECT_EQ(copy({{"x-amz-tagging-directive", "REPLACE"}}).status, 200) << "none come along";
  allow(kRead);
  EXPECT_NE(copy().message.find("perform: s3:PutObjectTagging on"), std::string::npos);
  allow(std::string(kRead) +
        R"(,{"Effect":"Allow","Action":"s3:PutObjectTagging","Resource":"arn:aws:s3:::other/*",)"
        R"("Condition":{"StringEquals":{"s3:RequestObjectTag/team":"blue"}}})");
  EXPECT_EQ(copy().status, 200);
}

TEST_F(CopyObject, OfADamagedFileIsAnErrorOfOurs) {
  namespace fs = std::filesystem;
  call("PUT", "/box/k", "hello");
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "s3")) {
    if (entry.is_regular_file()) fs::resize_file(entry.path(), 3);
  }
  EXPECT_EQ(copy().code, "InternalError");
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "s3")) {
    if (entry.is_regular_file()) fs::remove(entry.path());
  }
  EXPECT_EQ(copy().code, "InternalError");
  EXPECT_EQ(call("GET", "/other/k").code, "NoSuchKey");
}

}  // namespace
}  // namespace imdsd::s3
