// SPDX-License-Identifier: MIT
// S3 as a whole, over an index in memory and files in a folder of the test's own.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "base/digest.h"
#include "base/http_message.h"
#include "base/message_digest.h"
#include "s3/object_files.h"
#include "s3/object_store.h"
#include "s3/service.h"
#include "tests/fakes/memory_s3_index.h"
#include "tests/support/s3_world.h"
#include "tests/unit/daemon/temp_dir.h"

namespace imdsd::s3 {

/// What came of a call.
struct Called {
  int status = 200;
  std::string code, message;  // of an error
  std::string body;
  base::HttpHeaders headers;
  Findings findings;

  [[nodiscard]] std::string header(std::string_view name) const {
    return std::string(headers.get(name).value_or("(none)"));
  }
  [[nodiscard]] bool has(std::string_view part) const {
    return body.find(part) != std::string::npos;
  }
  /// The text of the first element of that name.
  [[nodiscard]] std::string element(const std::string& name) const {
    const auto start = body.find("<" + name + ">");
    if (start == std::string::npos) return "(none)";
    const auto from = start + name.size() + 2;
    return body.substr(from, body.find("</" + name + ">", from) - from);
  }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

class S3ServiceTest : public testing::Test {
 protected:
  S3ServiceTest() {
    world_.users.push_back(
        {.name = "dev",
         .policies = {support::policy_of(R"({"Effect":"Allow","Action":"s3:*","Resource":"*"})")}});
    world_.users.push_back({.name = "guest", .account = std::string(support::kS3OtherAccount)});
    caller_ = world_.user("dev");
  }

  Called call(const std::string& method, const std::string& target, std::string body = {},
              const Headers& headers = {}) {
    base::HttpRequest http;
    http.method = method;
    http.target = target;
    http.headers.add("Host", "127.0.0.1:1339");
    http.headers.add("Content-Length", std::to_string(body.size()));
    if (!reader_) http.headers.add("x-amz-content-sha256", base::hex_encode(base::sha256(body)));
    if (reader_) http.headers.add("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    if (is_document(target)) {
      http.headers.add("Content-MD5", base::base64_encode(base::md5(body)));
    }
    for (const auto& [name, value] : headers) http.headers.set(name, value);
    http.body = std::move(body);
    http.reader = reader_;
    return handle(http);
  }

  Called handle(const base::HttpRequest& http) {
    const std::vector<std::string> domains{"localhost"};
    const auto address = parse_address(http, domains);
    if (!address) return failed(address.error(), {});
    const auto operation = find_operation(http, *address);
    if (!operation) return failed(operation.error(), {});
    const Realm realm = world_.realm();
    const bool anonymous = caller_.principal.type == iam::PrincipalType::anonymous;
    Request request{.http = http,
                    .address = *address,
                    .operation = **operation,
                    .caller = caller_,
                    .signed_by = anonymous ? SignedBy::nobody : SignedBy::header,
                    .algorithm = "AWS4-HMAC-SHA256",
                    .realm = realm,
                    .now = world_.clock.now(),
                    .region = region_};
    Service::Answer answer = service_.handle(request);
    if (!answer.response) return failed(answer.response.error(), std::move(answer.findings));
    Called called;
    called.status = answer.response->status;
    called.body = std::move(answer.response->body);
    if (const auto& source = answer.response->source) {
      called.body.resize(source->size);
      EXPECT_TRUE(source->read(0, called.body));
    }
    called.headers = std::move(answer.response->headers);
    called.findings = std::move(answer.findings);
    return called;
  }

  /// PutBucketPolicy by root, with public policies allowed.
  void set_policy(const std::string& bucket, const std::string& statements) {
    ASSERT_TRUE(index_.set_public_access_block(bucket, PublicAccessBlock{}));
    const iam::Caller before = std::exchange(caller_, support::S3World::root());
    const Called put = call("PUT", "/" + bucket + "?policy", support::policy_of(statements));
    EXPECT_EQ(put.status, 204) << put.message;
    caller_ = before;
  }

  support::S3World world_;
  daemon::TempDir folder_;
  fakes::MemoryS3Index index_;
  ObjectFiles files_{folder_ / "s3", world_.random};
  ObjectStore store_{index_, files_};
  Service service_{index_, store_, world_.random};
  iam::Caller caller_;
  std::string region_ = "us-east-1";
  std::shared_ptr<base::HttpBodyReader> reader_;

 private:
  static bool is_document(std::string_view target) {
    return target.find('?') != std::string_view::npos &&
           target.find("uploadId") == std::string_view::npos;
  }

  static Called failed(const aws::S3Error& error, Findings findings) {
    Called called;
    called.status = error.status;
    called.code = error.code;
    called.message = error.message;
    called.findings = std::move(findings);
    if (!error.bucket_region.empty()) {
      called.headers.add("x-amz-bucket-region", error.bucket_region);
    }
    return called;
  }
};

}  // namespace imdsd::s3
