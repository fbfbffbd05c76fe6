// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "s3/object_store.h"
#include "tests/fakes/memory_s3_index.h"
#include "tests/fakes/scripted_random.h"
#include "tests/support/s3_index_contract.h"
#include "tests/unit/daemon/temp_dir.h"

namespace imdsd::s3 {

/// A store over a folder of this test alone, with one bucket.
class ObjectStoreTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(index.create_bucket(sample_bucket("bucket"))); }

  FileWriter written(const std::string& bytes, std::uint64_t expected = 0) {
    auto writer = store.create(expected);
    EXPECT_TRUE(writer) << writer.error().message;
    EXPECT_TRUE(writer->append(bytes));
    return *std::move(writer);
  }
  IndexResult<void> put(const std::string& key, const std::string& bytes) {
    return store.put_object("bucket", sample_object(key, ""), written(bytes));
  }
  /// An object of these parts, under the upload id `upload`.
  void put_parts(const std::string& key, const std::vector<std::string>& parts) {
    ASSERT_TRUE(index.create_upload("bucket", sample_upload("upload", key)));
    std::uint32_t number = 0;
    for (const std::string& bytes : parts) {
      ASSERT_TRUE(
          store.put_part("bucket", key, "upload", sample_part(++number, ""), written(bytes)));
    }
    Object object = sample_object(key, "");
    object.parts = index.list_parts("bucket", key, "upload", 0, 10000)->parts;
    ASSERT_TRUE(store.complete_upload("bucket", "upload", object));
  }
  FileReader opened(const std::string& key) {
    auto object = store.open_object("bucket", key);
    EXPECT_TRUE(object) << key;
    return std::move(object->reader);
  }
  static std::string bytes_of(FileReader& reader) {
    std::string bytes(static_cast<std::size_t>(reader.size()), '\0');
    const auto got = reader.read(0, bytes);
    EXPECT_TRUE(got) << got.error().message;
    bytes.resize(got ? *got : 0);
    return bytes;
  }
  std::string get(const std::string& key) {
    FileReader reader = opened(key);
    return bytes_of(reader);
  }
  /// All files below the folder, or below one of its folders.
  [[nodiscard]] std::vector<std::string> files_in(const std::string& folder = "") const {
    std::vector<std::string> paths;
    if (!std::filesystem::exists(directory / "s3" + folder)) return paths;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(directory / "s3" + folder)) {
      if (entry.is_regular_file()) paths.push_back(entry.path());
    }
    return paths;
  }

  daemon::TempDir directory;
  fakes::ScriptedRandom random;
  fakes::MemoryS3Index index;
  ObjectFiles files{directory / "s3", random};
  ObjectStore store{index, files};
};

}  // namespace imdsd::s3
