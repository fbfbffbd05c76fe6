// SPDX-License-Identifier: MIT
// What every s3::Index holds to: the real one and the fake are tested by the same lines. `Fixture`
// is a testing::Test with `s3::Index& index()`.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "s3/index.h"
#include "s3/roll_keys.h"

namespace imdsd::s3 {

inline constexpr const char* kOwner = "123456789012";
inline constexpr base::SystemTime kThen{std::chrono::seconds(1'800'000'000)};
using Names = std::vector<std::string>;

inline Bucket sample_bucket(std::string name) {
  Bucket bucket;
  bucket.name = std::move(name);
  bucket.region = "eu-central-1";
  bucket.owner = kOwner;
  bucket.created = kThen;
  return bucket;
}

inline Part sample_part(std::uint32_t number, std::string file, std::uint64_t size = 10) {
  Part part;
  part.number = number;
  part.size = size;
  part.etag = "etag-" + file;
  part.last_modified = kThen + std::chrono::seconds(number);
  part.file = std::move(file);
  return part;
}

inline Object sample_object(std::string key, const std::string& file) {
  Object object;
  object.key = std::move(key);
  object.size = 10;
  object.etag = "etag-" + file;
  object.last_modified = kThen;
  object.owner = kOwner;
  object.parts = {sample_part(1, file)};
  return object;
}

inline Upload sample_upload(std::string id, std::string key) {
  Upload upload;
  upload.id = std::move(id);
  upload.key = std::move(key);
  upload.initiated = kThen;
  upload.owner = kOwner;
  upload.initiator = "arn:aws:iam::123456789012:user/alice";
  return upload;
}

/// The code of an error; nothing of a success.
template <class T>
std::optional<IndexErrc> code_of(const IndexResult<T>& result) {
  return result ? std::nullopt : std::optional(result.error().code);
}

inline Names keys_of(const ObjectPage& page) {
  Names keys;
  for (const ListedObject& object : page.objects) keys.push_back(object.key);
  return keys;
}

template <class Fixture>
class IndexContract : public Fixture {
 protected:
  void SetUp() override {
    Fixture::SetUp();
    ASSERT_TRUE(this->index().create_bucket(sample_bucket("bucket")));
  }
  /// Puts an object; its file has the name of the key, and `suffix`.
  void put(const std::string& key, const std::string& suffix = "") {
    const auto done = this->index().put_object("bucket", sample_object(key, key + suffix), {});
    ASSERT_TRUE(done) << key;
  }
  ObjectPage list(const ObjectQuery& query) {
    auto page = this->index().list_objects("bucket", query);
    EXPECT_TRUE(page);
    return page ? *std::move(page) : ObjectPage();
  }
  /// All pages of one query, by `max` a page.
  ObjectPage all_pages(ObjectQuery query, std::size_t max) {
    query.max = max;
    ObjectPage all;
    while (true) {
      ObjectPage page = list(query);
      EXPECT_LE(page.objects.size() + page.common_prefixes.size(), max);
      std::move(page.objects.begin(), page.objects.end(), std::back_inserter(all.objects));
      std::move(page.common_prefixes.begin(), page.common_prefixes.end(),
                std::back_inserter(all.common_prefixes));
      if (!page.next) return all;
      query.from = *page.next;
    }
  }
  Names discarded() {
    auto files = this->index().discarded();
    EXPECT_TRUE(files);
    std::sort(files->begin(), files->end());
    return *files;
  }
};
TYPED_TEST_SUITE_P(IndexContract);

TYPED_TEST_P(IndexContract, KeepsWhatABucketIs) {
  Index& index = this->index();
  EXPECT_EQ(code_of(index.bucket("other")), IndexErrc::no_such_bucket);
  ASSERT_TRUE(index.set_policy("bucket", "{ \"Version\": \"2012-10-17\" }"));
  ASSERT_TRUE(index.set_bucket_tags("bucket", {{"b", "1 & 2"}, {"a", "ü"}}));
  ASSERT_TRUE(index.set_public_access_block("bucket", PublicAccessBlock{true, false, true, false}));
  ASSERT_TRUE(index.set_ownership("bucket", ObjectOwnership::object_writer));
  const auto bucket = index.bucket("bucket");
  ASSERT_TRUE(bucket);
  EXPECT_EQ((*bucket)->name, "bucket");
  EXPECT_EQ((*bucket)->region, "eu-central-1");
  EXPECT_EQ((*bucket)->owner, kOwner);
  EXPECT_EQ((*bucket)->created, kThen);
  EXPECT_EQ((*bucket)->policy, "{ \"Version\": \"2012-10-17\" }");
  ASSERT_EQ((*bucket)->tags.size(), 2U);
  EXPECT_EQ((*bucket)->tags[0].key, "b");
  EXPECT_EQ((*bucket)->tags[0].value, "1 & 2");
  EXPECT_EQ((*bucket)->tags[1].value, "ü");
  EXPECT_EQ((*bucket)->public_access_block, (PublicAccessBlock{true, false, true, false}));
  EXPECT_EQ((*bucket)->ownership, ObjectOwnership::object_writer);
  EXPECT_EQ(*index.bucket("bucket"), *bucket) << "the same pointer";

  ASSERT_TRUE(index.set_policy("bucket", ""));
  ASSERT_TRUE(index.set_bucket_tags("bucket", {}));
  ASSERT_TRUE(index.set_public_access_block("bucket", std::nullopt));
  ASSERT_TRUE(index.set_ownership("bucket", std::nullopt));
  const auto bare = index.bucket("bucket");
  ASSERT_TRUE(bare);
  EXPECT_EQ((*bare)->policy, "");
  EXPECT_TRUE((*bare)->tags.empty());
  EXPECT_EQ((*bare)->public_access_block, std::nullopt);
  EXPECT_EQ((*bare)->ownership, std::nullopt);
  EXPECT_EQ((*bucket)->tags.size(), 2U) << "what was handed out stays";
  EXPECT_EQ(code_of(index.set_policy("other", "{}")), IndexErrc::no_such_bucket);
}

TYPED_TEST_P(IndexContract, MakesABucketOnce) {
  Index& index = this->index();
  EXPECT_EQ(code_of(index.create_bucket(sample_bucket("bucket"))),
            IndexErrc::bucket_already_owned_by_you);
  Bucket others = sample_bucket("bucket");
  others.owner = "210987654321";
  EXPECT_EQ(code_of(index.create_bucket(others)), IndexErrc::bucket_already_exists);
  EXPECT_EQ((*index.bucket("bucket"))->owner, kOwner);
}

TYPED_TEST_P(IndexContract, ListsTheBucketsOfAnAccount) {
  Index& index = this->index();
  for (const char* name : {"zoo", "b.2", "b-1"}) {
    ASSERT_TRUE(index.create_bucket(sample_bucket(name)));
  }
  Bucket others = sample_bucket("another");
  others.owner = "210987654321";
  ASSERT_TRUE(index.create_bucket(others));
  Bucket elsewhere = sample_bucket("bucket-2");
  elsewhere.region = "us-east-1";
  ASSERT_TRUE(index.create_bucket(elsewhere));
  const auto names = [&](const BucketQuery& query) {
    const auto page = index.list_buckets(query);
    EXPECT_TRUE(page);
    Names out;
    for (const Bucket& bucket : page->buckets) out.push_back(bucket.name);
    if (page->truncated) out.emplace_back("...");
    return out;
  };
  EXPECT_EQ(names({kOwner, "", "", "", 10}), (Names{"b-1", "b.2", "bucket", "bucket-2", "zoo"}));
  EXPECT_EQ(names({kOwner, "b", "b.2", "", 1}), (Names{"bucket", "..."}));
  EXPECT_EQ(names({kOwner, "b", "bucket", "", 1}), (Names{"bucket-2"}));
  EXPECT_EQ(names({kOwner, "", "", "us-east-1", 10}), (Names{"bucket-2"}));
  EXPECT_EQ(names({"000000000000", "", "", "", 10}), Names{});
}

TYPED_TEST_P(IndexContract, DeletesAnEmptyBucketAlone) {
  Index& index = this->index();
  this->put("key");
  ASSERT_TRUE(index.create_upload("bucket", sample_upload("u1", "k")));
  ASSERT_TRUE(index.put_part("bucket", "k", "u1", sample_part(1, "part")));
  EXPECT_EQ(code_of(index.delete_bucket("bucket")), IndexErrc::bucket_not_empty);
  ASSERT_TRUE(index.delete_object("bucket", "key", {}));
  const auto done = index.delete_bucket("bucket");
  ASSERT_TRUE(done);
  EXPECT_EQ(*done, (Names{"part"})) << "the uploads end with it";
  EXPECT_EQ(code_of(index.delete_bucket("bucket")), IndexErrc::no_such_bucket);
  ASSERT_TRUE(index.create_bucket(sample_bucket("bucket")));
  EXPECT_EQ(code_of(index.upload("bucket", "k", "u1")), IndexErrc::no_such_upload);
}

TYPED_TEST_P(IndexContract, KeepsEverythingOfAnObject) {
  Index& index = this->index();
  Object object = sample_object("a/ü", "f1");
  object.checksum = Checksum{ChecksumAlgorithm::sha256, ChecksumType::composite, "abc=-2"};
  object.attributes.headers = {"text/plain", "gzip", "de", "inline; a=\"b&c\"", "no-cache", "0"};
  object.attributes.metadata = {{"colour", "blue & \xC3\xBC"}, {"empty", ""}};
  object.attributes.tags = {{"project", "x=y"}, {"e", ""}};
  object.multipart = true;
  object.size = 30;
  object.parts = {sample_part(2, "f1", 10), sample_part(7, "f2", 20)};
  object.parts[1].checksum = Checksum{ChecksumAlgorithm::sha256, ChecksumType::full_object, "d="};
  ASSERT_TRUE(index.put_object("bucket", object, {}));
  const auto stored = index.object("bucket", "a/ü", Index::Detail::with_parts);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->key, object.key);
  EXPECT_EQ(stored->size, 30U);
  EXPECT_EQ(stored->etag, object.etag);
  EXPECT_EQ(stored->last_modified, kThen);
  EXPECT_EQ(stored->checksum, object.checksum);
  EXPECT_EQ(stored->owner, kOwner);
  EXPECT_EQ(stored->attributes.headers, object.attributes.headers);
  EXPECT_EQ(stored->attributes.metadata, object.attributes.metadata);
  ASSERT_EQ(stored->attributes.tags.size(), 2U);
  EXPECT_EQ(stored->attributes.tags[0].value, "x=y");
  EXPECT_EQ(stored->attributes.tags[1].key, "e");
  EXPECT_EQ(stored->parts, object.parts);
  EXPECT_TRUE(stored->multipart);

  const auto described = index.object("bucket", "a/ü", Index::Detail::description);
  ASSERT_TRUE(described);
  EXPECT_TRUE(described->parts.empty());
  EXPECT_EQ(code_of(index.object("bucket", "a", Index::Detail::description)),
            IndexErrc::no_such_key);
  EXPECT_EQ(code_of(index.object("other", "a", Index::Detail::description)),
            IndexErrc::no_such_bucket);
}

TYPED_TEST_P(IndexContract, ReplacesAndDeletesAndTellsTheFiles) {
  Index& index = this->index();
  this->put("key", "-1");
  EXPECT_EQ(*index.put_object("bucket", sample_object("key", "key-2"), {}), (Names{"key-1"}));
  EXPECT_EQ(index.object("bucket", "key", Index::Detail::description)->etag, "etag-key-2");
  EXPECT_EQ(*index.delete_object("bucket", "key", {}), (Names{"key-2"}));
  EXPECT_EQ(*index.delete_object("bucket", "key", {}), Names{}) << "no error";
  EXPECT_EQ(code_of(index.delete_object("other", "key", {})), IndexErrc::no_such_bucket);
  Object strange = sample_object("key", "key-3");
  strange.owner = "210987654321";
  EXPECT_EQ(code_of(index.put_object("bucket", strange, {})), IndexErrc::no_such_bucket)
      << "decided for another account's bucket of this name";
  EXPECT_EQ(this->discarded(), (Names{"key-1", "key-2"}));
  index.forget({"key-1"});
  this->put("key", "-3");
  EXPECT_EQ(this->discarded(), (Names{"key-2"}));
  EXPECT_TRUE(*index.names_file("key-3"));
  EXPECT_FALSE(*index.names_file("key-2"));
}

TYPED_TEST_P(IndexContract, ReplacesTheTagsAlone) {
  Index& index = this->index();
  EXPECT_EQ(code_of(index.set_object_tags("bucket", "key", {})), IndexErrc::no_such_key);
  Object object = sample_object("key", "f");
  object.attributes.headers.content_type = "text/plain";
  ASSERT_TRUE(index.put_object("bucket", object, {}));
  ASSERT_TRUE(index.set_object_tags("bucket", "key", {{"a", "b"}}));
  const auto stored = index.object("bucket", "key", Index::Detail::with_parts);
  ASSERT_TRUE(stored);
  ASSERT_EQ(stored->attributes.tags.size(), 1U);
  EXPECT_EQ(stored->attributes.headers.content_type, "text/plain");
  EXPECT_EQ(stored->parts, object.parts);
}

TYPED_TEST_P(IndexContract, HoldsWritersToTheirConditions) {
  Index& index = this->index();
  const WriteCondition once{std::nullopt, true}, any{"*", false}, first{"etag-1", false};
  const auto put = [&](const std::string& file, const WriteCondition& condition) {
    return code_of(index.put_object("bucket", sample_object("key", file), condition));
  };
  EXPECT_EQ(put("1", first), IndexErrc::no_such_key);
  EXPECT_EQ(put("1", any), IndexErrc::no_such_key);
  EXPECT_EQ(put("1", once), std::nullopt);
  EXPECT_EQ(put("2", once), IndexErrc::precondition_failed);
  EXPECT_EQ(put("2", first), std::nullopt);
  EXPECT_EQ(put("3", first), IndexErrc::precondition_failed);
  EXPECT_EQ(index.object("bucket", "key", Index::Detail::description)->etag, "etag-2");
  EXPECT_EQ(code_of(index.delete_object("bucket", "key", first)), IndexErrc::precondition_failed);
  EXPECT_EQ(code_of(index.delete_object("bucket", "none", first)), IndexErrc::no_such_key);
  EXPECT_EQ(code_of(index.delete_object("bucket", "key", any)), std::nullopt);
}

TYPED_TEST_P(IndexContract, TakesAnyKeyAsBytes) {
  // In the order of their bytes; a file system would make one of some, and folders of others.
  const Names keys{
      "../x", "/",  "//",    "//a", "A", "a",      "a/",         "a//b",
      "a/b",  "a0", "b\x01", "con", "é", "\u65e5", "\U0001F600", std::string(1024, '~')};
  Names put(keys.rbegin(), keys.rend());
  for (const std::string& key : put) this->put(key);
  Names sorted = keys;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(keys_of(this->list({})), sorted);
  EXPECT_EQ(keys_of(this->all_pages({}, 1)), sorted);
  for (const std::string& key : keys) {
    EXPECT_EQ(this->index().object("bucket", key, Index::Detail::description)->key, key);
  }
  const std::string wide(1023, '\xC3');
  this->put(wide + "a");
  this->put(wide + "b");
  EXPECT_EQ(keys_of(this->list({.prefix = wide})), (Names{wide + "a", wide + "b"}));
}

TYPED_TEST_P(IndexContract, RollsKeysUpByTheDelimiter) {
  for (const char* key : {"asdf", "boo/bar", "boo/baz/xyzzy", "cquux/bla", "cquux/thud"}) {
    this->put(key);
  }
  ObjectPage page = this->list({.delimiter = "/"});
  EXPECT_EQ(keys_of(page), (Names{"asdf"}));
  EXPECT_EQ(page.common_prefixes, (Names{"boo/", "cquux/"}));
  EXPECT_EQ(page.next, std::nullopt);
  page = this->list({.prefix = "boo/", .delimiter = "/"});
  EXPECT_EQ(keys_of(page), (Names{"boo/bar"}));
  EXPECT_EQ(page.common_prefixes, (Names{"boo/baz/"}));
  page = this->list({.delimiter = "ba"});
  EXPECT_EQ(keys_of(page), (Names{"asdf", "cquux/bla", "cquux/thud"}));
  EXPECT_EQ(page.common_prefixes, (Names{"boo/ba"}));
  for (const std::size_t max : {1, 2, 3}) {
    page = this->all_pages({.delimiter = "/"}, max);
    EXPECT_EQ(keys_of(page), (Names{"asdf"}));
    EXPECT_EQ(page.common_prefixes, (Names{"boo/", "cquux/"}));
  }
}

TYPED_TEST_P(IndexContract, BeginsWhereAPageBegins) {
  for (const char* key : {"a/1", "a/2", "b", "c/1", "d"}) this->put(key);
  EXPECT_EQ(keys_of(this->list({.after = "a/2"})), (Names{"b", "c/1", "d"}));
  EXPECT_EQ(keys_of(this->list({.after = "a/10"})), (Names{"a/2", "b", "c/1", "d"}));
  EXPECT_EQ(keys_of(this->list({.prefix = "c", .after = "a"})), (Names{"c/1"}));
  EXPECT_EQ(keys_of(this->list({.prefix = "a", .after = "b"})), Names{});
  EXPECT_EQ(keys_of(this->list({.after = "a", .from = "b"})), (Names{"b", "c/1", "d"}));
  ObjectPage page = this->list({.max = 0});
  EXPECT_TRUE(page.objects.empty());
  EXPECT_EQ(page.next, std::nullopt) << "an empty page is not cut off";

  page = this->list({.delimiter = "/", .after = "a/1"});
  EXPECT_EQ(page.common_prefixes, (Names{"a/", "c/"})) << "start-after";
  page = this->list({.delimiter = "/", .after = "a/1", .past_prefix_of_after = true});
  EXPECT_EQ(page.common_prefixes, (Names{"c/"})) << "marker";
  ObjectQuery marked{.delimiter = "/", .past_prefix_of_after = true, .max = 1};
  Names told;
  for (page = this->list(marked);; page = this->list(marked)) {
    marked.after = next_marker(page);
    told.push_back(marked.after);
    if (!page.next) break;
  }
  EXPECT_EQ(told, (Names{"a/", "b", "c/", "d"}));
}

TYPED_TEST_P(IndexContract, ListsWhatIsInThatBucketAlone) {
  ASSERT_TRUE(this->index().create_bucket(sample_bucket("a-bucket")));
  ASSERT_TRUE(this->index().create_bucket(sample_bucket("c-bucket")));
  for (const char* bucket : {"a-bucket", "c-bucket"}) {
    ASSERT_TRUE(this->index().put_object(bucket, sample_object("key", bucket), {}));
  }
  this->put("key");
  EXPECT_EQ(keys_of(this->list({})), (Names{"key"}));
  EXPECT_EQ(this->list({}).objects[0].etag, "etag-key");
  EXPECT_EQ(code_of(this->index().list_objects("other", {})), IndexErrc::no_such_bucket);
}

TYPED_TEST_P(IndexContract, MakesAnObjectOfTheChosenParts) {
  Index& index = this->index();
  this->put("key", "-before");
  Upload upload = sample_upload("u1", "key");
  upload.attributes.headers.content_type = "text/plain";
  upload.attributes.metadata = {{"a", "b"}};
  upload.attributes.tags = {{"c", "d"}};
  upload.checksum_algorithm = ChecksumAlgorithm::crc32c;
  upload.checksum_type = ChecksumType::composite;
  ASSERT_TRUE(index.create_upload("bucket", upload));
  const auto stored = index.upload("bucket", "key", "u1");
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->key, "key");
  EXPECT_EQ(stored->initiated, kThen);
  EXPECT_EQ(stored->owner, kOwner);
  EXPECT_EQ(stored->initiator, upload.initiator);
  EXPECT_EQ(stored->attributes.headers, upload.attributes.headers);
  EXPECT_EQ(stored->attributes.metadata, upload.attributes.metadata);
  EXPECT_EQ(stored->attributes.tags.at(0).value, "d");
  EXPECT_EQ(stored->checksum_algorithm, ChecksumAlgorithm::crc32c);
  EXPECT_EQ(stored->checksum_type, ChecksumType::composite);
  EXPECT_EQ(code_of(index.upload("bucket", "other", "u1")), IndexErrc::no_such_upload);

  for (const std::uint32_t number : {5U, 1U, 10000U}) {
    ASSERT_TRUE(
        index.put_part("bucket", "key", "u1", sample_part(number, "f" + std::to_string(number))));
  }
  EXPECT_EQ(*index.put_part("bucket", "key", "u1", sample_part(5, "again")), (Names{"f5"}));
  const auto parts = index.list_parts("bucket", "key", "u1", 0, 1000);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->parts, (std::vector<Part>{sample_part(1, "f1"), sample_part(5, "again"),
                                             sample_part(10000, "f10000")}));
  EXPECT_FALSE(parts->truncated);
  const auto page = index.list_parts("bucket", "key", "u1", 1, 1);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->parts, (std::vector<Part>{sample_part(5, "again")}));
  EXPECT_TRUE(page->truncated);

  Object object = sample_object("key", "f1");
  object.multipart = true;
  object.parts = {sample_part(1, "f1"), sample_part(5, "f5")};
  EXPECT_EQ(code_of(index.complete_upload("bucket", "u1", object, {})), IndexErrc::invalid_part)
      << "the part is another by now";
  object.parts[1] = sample_part(5, "again");
  EXPECT_EQ(code_of(index.complete_upload("bucket", "u1", object, {std::nullopt, true})),
            IndexErrc::precondition_failed);
  const auto done = index.complete_upload("bucket", "u1", object, {});
  ASSERT_TRUE(done);
  EXPECT_EQ(*done, (Names{"key-before", "f10000"}));
  const auto made = index.object("bucket", "key", Index::Detail::with_parts);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->parts, object.parts);
  EXPECT_TRUE(made->multipart);
  EXPECT_EQ(code_of(index.upload("bucket", "key", "u1")), IndexErrc::no_such_upload);
  EXPECT_EQ(code_of(index.complete_upload("bucket", "u1", object, {})), IndexErrc::no_such_upload);
  EXPECT_EQ(*index.delete_object("bucket", "key", {}), (Names{"f1", "again"}));
}

TYPED_TEST_P(IndexContract, AbortsAnUpload) {
  Index& index = this->index();
  EXPECT_EQ(code_of(index.put_part("bucket", "key", "u1", sample_part(1, "f"))),
            IndexErrc::no_such_upload);
  ASSERT_TRUE(index.create_upload("bucket", sample_upload("u1", "key")));
  ASSERT_TRUE(index.put_part("bucket", "key", "u1", sample_part(1, "f1")));
  ASSERT_TRUE(index.put_part("bucket", "key", "u1", sample_part(2, "f2")));
  EXPECT_TRUE(*index.names_file("f2"));
  EXPECT_EQ(*index.abort_upload("bucket", "key", "u1"), (Names{"f1", "f2"}));
  EXPECT_EQ(code_of(index.abort_upload("bucket", "key", "u1")), IndexErrc::no_such_upload);
  EXPECT_EQ(code_of(index.list_parts("bucket", "key", "u1", 0, 10)), IndexErrc::no_such_upload);
  EXPECT_FALSE(*index.names_file("f2"));
}

TYPED_TEST_P(IndexContract, ListsUploads) {
  Index& index = this->index();
  const std::vector<std::pair<const char*, const char*>> uploads{
      {"k", "2"}, {"a/1", "3"}, {"k", "1"}, {"a/2", "4"}, {"z", "0"}};
  for (const auto& [key, id] : uploads) {
    ASSERT_TRUE(index.create_upload("bucket", sample_upload(id, key)));
  }
  const auto pages = [&](UploadQuery query) {
    Names out;
    while (true) {
      const auto page = index.list_uploads("bucket", query);
      EXPECT_TRUE(page);
      for (const Upload& upload : page->uploads) out.push_back(upload.key + " " + upload.id);
      for (const std::string& prefix : page->common_prefixes) out.push_back(prefix);
      if (!page->truncated) return out;
      query.key_marker = page->next_key_marker;
      query.upload_id_marker = page->next_upload_id_marker;
    }
  };
  const Names all{"a/1 3", "a/2 4", "k 1", "k 2", "z 0"};
  EXPECT_EQ(pages({}), all);
  EXPECT_EQ(pages({.max = 1}), all);
  EXPECT_EQ(pages({.max = 3}), all);
  EXPECT_EQ(pages({.delimiter = "/", .max = 1}), (Names{"a/", "k 1", "k 2", "z 0"}));
  EXPECT_EQ(pages({.prefix = "a/", .delimiter = "/"}), (Names{"a/1 3", "a/2 4"}));
  EXPECT_EQ(pages({.key_marker = "k"}), (Names{"z 0"}));
  EXPECT_EQ(pages({.key_marker = "k", .upload_id_marker = "1"}), (Names{"k 2", "z 0"}));
}

REGISTER_TYPED_TEST_SUITE_P(IndexContract, KeepsWhatABucketIs, MakesABucketOnce,
                            ListsTheBucketsOfAnAccount, DeletesAnEmptyBucketAlone,
                            KeepsEverythingOfAnObject, ReplacesAndDeletesAndTellsTheFiles,
                            ReplacesTheTagsAlone, HoldsWritersToTheirConditions, TakesAnyKeyAsBytes,
                            RollsKeysUpByTheDelimiter, BeginsWhereAPageBegins,
                            ListsWhatIsInThatBucketAlone, MakesAnObjectOfTheChosenParts,
                            AbortsAnUpload, ListsUploads);

}  // namespace imdsd::s3
