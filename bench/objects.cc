// SPDX-License-Identifier: MIT
// Fills a new index of S3 with objects of one bucket, past the API. They have no files: lists are
// measured with it.
//   bench_objects PATH BUCKET COUNT
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "store/sqlite_s3_index.h"

namespace {

using namespace imdsd;

constexpr unsigned kWriters = 64;  // they go to the disk together
constexpr const char* kAccount = "123456789012";
constexpr base::SystemTime kThen{std::chrono::seconds(1'800'000'000)};

int fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return 1;
}

s3::Object object(unsigned number) {
  char key[32];
  std::snprintf(key, sizeof key, "data/%03u/object-%06u", number / 1000, number);
  s3::Object out;
  out.key = key;
  out.size = 1024;
  out.etag = "5d41402abc4b2a76b9719d911017c592";
  out.last_modified = kThen;
  out.checksum =
      s3::Checksum{s3::ChecksumAlgorithm::crc64nvme, s3::ChecksumType::full_object, "M3eFcAZSQlc="};
  out.owner = kAccount;
  s3::Part part;
  part.size = out.size;
  part.file = out.key;
  out.parts = {std::move(part)};
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return fail("bench_objects PATH BUCKET COUNT");
  store::SqliteS3Index index(argv[1]);
  s3::Bucket bucket;
  bucket.name = argv[2];
  bucket.region = "us-east-1";
  bucket.owner = kAccount;
  bucket.created = kThen;
  if (const auto made = index.create_bucket(bucket); !made) return fail(made.error().error.message);
  const auto count = static_cast<unsigned>(std::stoul(argv[3]));
  std::vector<std::jthread> writers;
  for (unsigned writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (unsigned number = writer; number < count; number += kWriters) {
        if (const auto put = index.put_object(bucket.name, object(number), {}); !put) {
          std::_Exit(fail(put.error().error.message));
        }
      }
    });
  }
  return 0;
}
