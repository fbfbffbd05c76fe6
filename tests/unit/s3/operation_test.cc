// SPDX-License-Identifier: MIT
#include "s3/operation.h"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::s3 {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

base::HttpRequest request(std::string_view method, std::string_view query, const Lines& lines) {
  base::HttpRequest out;
  out.method = method;
  out.target = "/whatever" + std::string(query);
  for (const auto& [name, value] : lines) out.headers.add(name, value);
  return out;
}

Address address_of(std::string_view path) {
  Address out;
  const auto slash = path.find('/');
  out.bucket = path.substr(0, slash);
  if (slash != std::string_view::npos) out.key = path.substr(slash + 1);
  return out;
}

struct Case {
  std::string_view method, path, query, name;
  Lines lines = {};
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.method << " /" << c.path << c.query;
}

const Lines kCopy{{"x-amz-copy-source", "/b/k"}};

// As SDKs send them, x-id and signatures in the query included.
const std::vector<Case>& cases() {
  static const std::vector<Case> out{
      {"GET", "", "", "ListBuckets"},
      {"GET", "", "?x-id=ListBuckets&max-buckets=10", "ListBuckets"},
      {"PUT", "bkt", "", "CreateBucket"},
      {"HEAD", "bkt", "", "HeadBucket"},
      {"DELETE", "bkt", "", "DeleteBucket"},
      {"GET", "bkt", "?prefix=a&delimiter=%2F&encoding-type=url", "ListObjects"},
      {"GET", "bkt", "?list-type=2&prefix=a", "ListObjectsV2"},
      {"POST", "bkt", "?delete", "DeleteObjects"},
      {"GET", "bkt", "?location", "GetBucketLocation"},
      {"GET", "bkt", "?versioning", "GetBucketVersioning"},
      {"GET", "bkt", "?encryption=", "GetBucketEncryption"},
      {"GET", "bkt", "?acl", "GetBucketAcl"},
      {"GET", "bkt", "?policy", "GetBucketPolicy"},
      {"PUT", "bkt", "?policy=", "PutBucketPolicy"},
      {"DELETE", "bkt", "?policy", "DeleteBucketPolicy"},
      {"GET", "bkt", "?policyStatus", "GetBucketPolicyStatus"},
      {"GET", "bkt", "?tagging", "GetBucketTagging"},
      {"PUT", "bkt", "?tagging", "PutBucketTagging"},
      {"DELETE", "bkt", "?tagging", "DeleteBucketTagging"},
      {"GET", "bkt", "?publicAccessBlock", "GetPublicAccessBlock"},
      {"PUT", "bkt", "?publicAccessBlock", "PutPublicAccessBlock"},
      {"DELETE", "bkt", "?publicAccessBlock", "DeletePublicAccessBlock"},
      {"GET", "bkt", "?ownershipControls", "GetBucketOwnershipControls"},
      {"PUT", "bkt", "?ownershipControls", "PutBucketOwnershipControls"},
      {"DELETE", "bkt", "?ownershipControls", "DeleteBucketOwnershipControls"},
      {"GET", "bkt", "?uploads&prefix=a", "ListMultipartUploads"},
      {"PUT", "bkt/k", "?x-id=PutObject", "PutObject"},
      {"PUT", "bkt/k", "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0", "PutObject"},
      {"PUT", "bkt/k", "", "CopyObject", kCopy},
      {"GET", "bkt/k", "?response-content-type=a", "GetObject"},
      {"GET", "bkt/k", "?partNumber=1", "GetObject"},
      {"HEAD", "bkt/k", "", "HeadObject"},
      {"DELETE", "bkt/k", "", "DeleteObject"},
      {"GET", "bkt/k", "?acl", "GetObjectAcl"},
      {"GET", "bkt/k", "?attributes", "GetObjectAttributes"},
      {"GET", "bkt/k", "?tagging", "GetObjectTagging"},
      {"PUT", "bkt/k", "?tagging", "PutObjectTagging"},
      {"DELETE", "bkt/k", "?tagging", "DeleteObjectTagging"},
      {"POST", "bkt/k", "?uploads", "CreateMultipartUpload"},
      {"PUT", "bkt/k", "?uploadId=U&partNumber=1", "UploadPart"},
      {"PUT", "bkt/k", "?partNumber=1&uploadId=U", "UploadPartCopy", kCopy},
      {"POST", "bkt/k", "?uploadId=U", "CompleteMultipartUpload"},
      {"DELETE", "bkt/k", "?uploadId=U", "AbortMultipartUpload"},
      {"GET", "bkt/k", "?uploadId=U&max-parts=2", "ListParts"},
  };
  return out;
}

TEST(FindOperation, KnowsEachBySignsOfItsOwn) {
  std::set<std::string_view> seen;
  for (const Case& c : cases()) {
    const auto row = find_operation(request(c.method, c.query, c.lines), address_of(c.path));
    ASSERT_TRUE(row) << testing::PrintToString(c) << row.error().message;
    EXPECT_EQ((*row)->name, c.name) << testing::PrintToString(c);
    seen.insert(c.name);
  }
  EXPECT_EQ(seen.size(), operations().size()) << "each operation has a case";
}

TEST(Operations, NameAnActionAndItsResource) {
  for (const OperationRow& row : operations()) {
    EXPECT_TRUE(row.action.starts_with("s3:")) << row.name;
    EXPECT_TRUE(!row.needs_checksum || row.body == BodyUse::document) << row.name;
  }
}

struct Refused {
  std::string_view method, path, query, code;
  int status;
};

TEST(FindOperation, RefusesWhatIsNotThere) {
  for (const auto& [method, path, query, code, status] : {
           Refused{"POST", "", "", "MethodNotAllowed", 405},
           Refused{"DELETE", "", "", "MethodNotAllowed", 405},
           Refused{"PATCH", "bkt/k", "", "MethodNotAllowed", 405},
           Refused{"POST", "bkt/k", "", "MethodNotAllowed", 405},
           Refused{"POST", "bkt", "?policy", "MethodNotAllowed", 405},
           Refused{"GET", "bkt", "?delete", "MethodNotAllowed", 405},
           Refused{"GET", "bkt/k", "?policy", "MethodNotAllowed", 405},
           Refused{"POST", "bkt", "", "NotImplemented", 501},
           Refused{"GET", "bkt", "?lifecycle", "NotImplemented", 501},
           Refused{"PUT", "bkt", "?cors", "NotImplemented", 501},
           Refused{"GET", "bkt", "?website", "NotImplemented", 501},
           Refused{"GET", "bkt", "?replication", "NotImplemented", 501},
           Refused{"GET", "bkt", "?versions", "NotImplemented", 501},
           Refused{"PUT", "bkt", "?versioning", "NotImplemented", 501},
           Refused{"PUT", "bkt", "?acl", "NotImplemented", 501},
           Refused{"PUT", "bkt/k", "?acl", "NotImplemented", 501},
           Refused{"PUT", "bkt", "?encryption", "NotImplemented", 501},
           Refused{"GET", "bkt/k", "?torrent", "NotImplemented", 501},
           Refused{"POST", "bkt/k", "?restore", "NotImplemented", 501},
           Refused{"POST", "bkt/k", "?select&select-type=2", "NotImplemented", 501},
           Refused{"PUT", "bkt/k", "?retention", "NotImplemented", 501},
           Refused{"OPTIONS", "bkt/k", "", "AccessForbidden", 403},
           Refused{"GET", "bkt", "?list-type=3", "InvalidArgument", 400},
           Refused{"GET", "bkt", "?acl&policy", "InvalidArgument", 400},
           Refused{"PUT", "bkt/k", "?partNumber=1", "InvalidArgument", 400},
           Refused{"PUT", "bkt/k", "?uploadId=U", "InvalidArgument", 400},
       }) {
    const auto row = find_operation(request(method, query, {}), address_of(path));
    ASSERT_FALSE(row) << method << " /" << path << query;
    EXPECT_EQ(row.error().code, code) << method << " /" << path << query;
    EXPECT_EQ(row.error().status, status) << method << " /" << path << query;
  }
}

TEST(FindOperation, TakesNoCallOfS3ControlForABucket) {
  base::HttpRequest made = request("GET", "", {{"x-amz-account-id", "123456789012"}});
  made.target = "/v20180820/configuration/publicAccessBlock";
  const auto row =
      find_operation(made, {.bucket = "v20180820", .key = "configuration/publicAccessBlock"});
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().code, "NotImplemented");
  made.headers = {};
  EXPECT_TRUE(find_operation(made, {.bucket = "v20180820", .key = "k"})) << "a bucket's name";
}

std::vector<std::string_view> actions(const Case& c) {
  const auto made = request(c.method, c.query, c.lines);
  const auto row = find_operation(made, address_of(c.path));
  return row ? actions_of(**row, made) : std::vector<std::string_view>{"none"};
}
using Actions = std::vector<std::string_view>;

TEST(ActionsOf, AreThoseOfTheServiceAuthorizationReference) {
  EXPECT_EQ(actions({"GET", "", "", ""}), (Actions{"s3:ListAllMyBuckets"}));
  EXPECT_EQ(actions({"HEAD", "bkt/k", "", ""}), (Actions{"s3:GetObject"}));
  EXPECT_EQ(actions({"GET", "bkt/k", "?versionId=null", ""}), (Actions{"s3:GetObjectVersion"}));
  EXPECT_EQ(actions({"DELETE", "bkt/k", "?versionId=null", ""}),
            (Actions{"s3:DeleteObjectVersion"}));
  EXPECT_EQ(actions({"GET", "bkt/k", "?tagging&versionId=null", ""}),
            (Actions{"s3:GetObjectVersionTagging"}));
  EXPECT_EQ(actions({"GET", "bkt/k", "?attributes", ""}),
            (Actions{"s3:GetObject", "s3:GetObjectAttributes"}));
  EXPECT_EQ(actions({"POST", "bkt", "?delete", ""}), Actions{});
  EXPECT_EQ(actions({"DELETE", "bkt", "?tagging", ""}), (Actions{"s3:PutBucketTagging"}));
}

TEST(ActionsOf, GrowWithHeaders) {
  const Lines acl{{"x-amz-acl", "private"}};
  const Lines grant_and_tags{{"X-Amz-Grant-Read", "id=1"}, {"x-amz-tagging", "a=b"}};
  EXPECT_EQ(actions({"PUT", "bkt/k", "", "", acl}), (Actions{"s3:PutObject", "s3:PutObjectAcl"}));
  EXPECT_EQ(actions({"POST", "bkt/k", "?uploads", "", grant_and_tags}),
            (Actions{"s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging"}));
  EXPECT_EQ(actions({"PUT", "bkt/k", "?uploadId=U&partNumber=1", "", acl}),
            (Actions{"s3:PutObject"}));
  EXPECT_EQ(actions({"PUT", "bkt", "", "", acl}), (Actions{"s3:CreateBucket", "s3:PutBucketAcl"}));
  EXPECT_EQ(actions({"PUT", "bkt", "", "", {{"x-amz-object-ownership", "ObjectWriter"}}}),
            (Actions{"s3:CreateBucket", "s3:PutBucketOwnershipControls"}));
}

}  // namespace
}  // namespace imdsd::s3
