// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdlib.h>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "iam/entity_codec.h"
#include "store/sqlite_store.h"
#include "tests/support/sample_entities.h"

namespace imdsd::store {

/// A folder of this test alone with room for one database.
class DatabaseTest : public ::testing::Test {
 protected:
  ~DatabaseTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  [[nodiscard]] std::unique_ptr<SqliteStore> open() const {
    auto store = SqliteStore::open(path_);
    EXPECT_TRUE(store) << store.error().message;
    return store ? *std::move(store) : nullptr;
  }
  /// A closed database with one entity of every kind.
  void make_filled() const {
    const auto store = open();
    std::vector<iam::Change> changes;
    for (iam::AnyEntity& entity : sample::every_kind()) changes.push_back({std::move(entity)});
    const auto done = store->commit(changes);
    ASSERT_TRUE(done) << done.error().message;
  }

  /// Only while no store has it open: a process's locks on a file end when it closes the file.
  [[nodiscard]] std::string bytes() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write_bytes(const std::string& content) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << content;
  }

  /// What is stored, as text, in order.
  [[nodiscard]] static std::vector<std::string> content(SqliteStore& store) {
    const auto loaded = store.load();
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? texts(loaded->entities) : std::vector<std::string>();
  }
  [[nodiscard]] static std::vector<std::string> texts(const std::vector<iam::AnyEntity>& entities) {
    std::vector<std::string> out;
    for (const iam::AnyEntity& entity : entities) {
      out.push_back(std::string(iam::kind_of(entity)) + " " + iam::encode_entity(entity));
    }
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  static std::string make_folder() {
    std::string name = "/tmp/imdsd-test-XXXXXX";
    return ::mkdtemp(name.data());
  }
  const std::string folder_ = make_folder();
  const std::string path_ = folder_ + "/directory.db";
};

/// `store.commit` of these, which must exist.
template <class... T>
base::Result<void> commit(SqliteStore& store, T... entities) {
  const std::vector<iam::Change> changes{{sample::any(std::move(entities)), false}...};
  return store.commit(changes);
}

template <class... T>
base::Result<void> erase(SqliteStore& store, T... entities) {
  const std::vector<iam::Change> changes{{sample::any(std::move(entities)), true}...};
  return store.commit(changes);
}

}  // namespace imdsd::store
