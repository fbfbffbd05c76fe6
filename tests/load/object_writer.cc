// SPDX-License-Identifier: MIT
// Puts and deletes objects as fast as it can, to be killed at it. Step N puts an object of its own
// under one of a few keys, at once or in parts, or deletes what has that key.
//   object_writer FOLDER N       begins with step N; prints the number of each step that is durable
//   object_writer --check FOLDER prints "KEY N" of each object, or what is not whole and exits 1;
//                                puts in order first what was left behind
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/random.h"
#include "s3/object_store.h"
#include "s3/upload_id.h"
#include "store/sqlite_s3_index.h"

namespace {

using namespace imdsd;

constexpr unsigned kKeys = 8;
constexpr std::size_t kPiece = 64U << 10;
constexpr base::SystemTime kThen{std::chrono::seconds(1'800'000'000)};

int fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return 1;
}

std::string text_of(const s3::IndexError& error) {
  return "index error " + std::to_string(static_cast<int>(error.code)) + " " + error.error.message;
}

/// The bytes of step N: its number, over and over.
std::string content(unsigned step) {
  const std::size_t size = std::size_t{step} * 7919 % 300'000 + 1;
  std::string bytes;
  while (bytes.size() < size) bytes += std::to_string(step) + "\n";
  bytes.resize(size);
  return bytes;
}

std::string key_of(unsigned step) {
  return "../key/" + std::to_string(step % kKeys);
}

struct Folder {
  std::string path;
  base::RealRandom random = {};
  store::SqliteS3Index index{path + "/s3.db"};
  s3::ObjectFiles files{path + "/s3", random};
  s3::ObjectStore store{index, files};

  base::Result<s3::FileWriter> written(std::string_view bytes) {
    IMDSD_TRY(s3::FileWriter writer, store.create(bytes.size()));
    for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
      IMDSD_TRY_VOID(writer.append(bytes.substr(at, kPiece)));
    }
    return writer;
  }

  s3::Object object(unsigned step) const {
    s3::Object out;
    out.key = key_of(step);
    out.etag = std::to_string(step);
    out.last_modified = kThen;
    out.size = content(step).size();
    return out;
  }

  s3::IndexResult<void> put(unsigned step) {
    IMDSD_TRY(s3::FileWriter writer, written(content(step)));
    return store.put_object("bucket", object(step), std::move(writer));
  }

  s3::IndexResult<void> put_in_parts(unsigned step) {
    const std::string bytes = content(step);
    const std::string id = s3::make_upload_id(kThen, random);
    s3::Upload upload;
    upload.id = id;
    upload.key = key_of(step);
    IMDSD_TRY_VOID(index.create_upload("bucket", upload));
    for (std::uint32_t number = 1; number <= 4; ++number) {
      const std::size_t from = bytes.size() * (number - 1) / 3;
      const std::string part =
          number == 4 ? "unused" : bytes.substr(from, bytes.size() * number / 3 - from);
      IMDSD_TRY(s3::FileWriter writer, written(part));
      s3::Part described;
      described.number = number;
      IMDSD_TRY_VOID(
          store.put_part("bucket", upload.key, id, std::move(described), std::move(writer)));
    }
    IMDSD_TRY(auto page, index.list_parts("bucket", upload.key, id, 0, 3));
    s3::Object out = object(step);
    out.parts = std::move(page.parts);
    out.multipart = true;
    return store.complete_upload("bucket", id, out);
  }

  s3::IndexResult<void> run(unsigned step) {
    if (step % 5 == 3) return put_in_parts(step);
    if (step % 5 == 4) return store.delete_object("bucket", key_of(step));
    return put(step);
  }

  /// All files that the index names, those of objects and of uploads.
  s3::IndexResult<std::set<std::string>> named() {
    std::set<std::string> out;
    IMDSD_TRY(const auto uploads, index.list_uploads("bucket", {}));
    for (const s3::Upload& upload : uploads.uploads) {
      IMDSD_TRY(const auto page, index.list_parts("bucket", upload.key, upload.id, 0, 10));
      for (const s3::Part& part : page.parts) out.insert(part.file);
    }
    for (unsigned key = 0; key < kKeys; ++key) {
      const auto found = index.object("bucket", key_of(key), s3::Index::Detail::with_parts);
      if (!found) continue;
      for (const s3::Part& part : found->parts) out.insert(part.file);
    }
    return out;
  }

  /// Those that are there.
  [[nodiscard]] std::set<std::string> kept(const std::string& folder) const {
    std::set<std::string> out;
    const std::string below = path + "/s3" + folder;
    if (!std::filesystem::exists(below)) return out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(below)) {
      if (entry.is_regular_file()) out.insert(entry.path().filename());
    }
    return out;
  }
};

int write(Folder& folder, unsigned step) {
  s3::Bucket bucket;
  bucket.name = "bucket";
  const auto made = folder.index.create_bucket(bucket);
  if (!made && made.error().code != s3::IndexErrc::bucket_already_owned_by_you) {
    return fail(text_of(made.error()));
  }
  for (;; ++step) {
    if (const auto done = folder.run(step); !done) return fail(text_of(done.error()));
    std::printf("%u\n", step);
    std::fflush(stdout);
  }
}

int check(Folder& folder) {
  if (!folder.index.bucket("bucket")) return 0;  // killed before there was one
  const auto page = folder.index.list_objects("bucket", {});
  if (!page) return fail(text_of(page.error()));
  for (const s3::ListedObject& listed : page->objects) {
    auto opened = folder.store.open_object("bucket", listed.key);
    if (!opened) return fail(listed.key + ": " + text_of(opened.error()));
    std::string bytes(static_cast<std::size_t>(opened->reader.size()), '\0');
    const auto got = opened->reader.read(0, bytes);
    if (!got) return fail(listed.key + ": " + got.error().message);
    const auto step = static_cast<unsigned>(std::atoi(listed.etag.c_str()));
    if (bytes != content(step)) return fail(listed.key + " is not whole");
    std::printf("%s %u\n", listed.key.c_str(), step);
  }
  const auto named = folder.named();
  if (!named) return fail(text_of(named.error()));
  if (folder.kept("") != *named) return fail("there are files that the index does not name");
  if (!folder.kept("/new").empty()) return fail("there are files in new/");
  const auto discarded = folder.index.discarded();
  if (!discarded) return fail(discarded.error().message);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return fail("object_writer FOLDER N | --check FOLDER");
  const bool checks = std::string_view(argv[1]) == "--check";
  Folder folder{argv[checks ? 2 : 1]};
  if (const auto done = folder.store.recover(); !done) return fail(done.error().message);
  return checks ? check(folder) : write(folder, static_cast<unsigned>(std::atoi(argv[2])));
}
