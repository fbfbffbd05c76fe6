// SPDX-License-Identifier: MIT
#include "daemon/kept_changes.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "daemon/files.h"
#include "temp_dir.h"

namespace imdsd::daemon {
namespace {

class KeptChangesTest : public testing::Test {
 protected:
  [[nodiscard]] std::string file() const { return state_.path_of(StateDir::kMetadataChanges); }
  /// Empty, or what was wrong with the file.
  [[nodiscard]] std::string load(const std::string& text) const {
    EXPECT_TRUE(write_file_atomically(file(), text));
    KeptChanges kept(state_);
    const auto loaded = kept.load();
    return loaded ? "" : loaded.error().message;
  }

  TempDir temp_;
  StateDir state_ = StateDir::open(temp_.path()).value();
  const std::vector<MetadataChange> changes_ = {
      {"a/b", "1\n\"", true}, {"c", std::nullopt, true}, {"not-kept", "2", false}};
};

TEST_F(KeptChangesTest, AreThereAgain) {
  KeptChanges kept(state_);
  ASSERT_TRUE(kept.load());
  ASSERT_TRUE(kept.store("i-1", changes_));
  ASSERT_TRUE(kept.store("i-2", {{"x", "y", true}}));
  KeptChanges again(state_);
  ASSERT_TRUE(again.load());
  EXPECT_EQ(again.of("i-1"), (std::vector<MetadataChange>{changes_[0], changes_[1]}));
  EXPECT_EQ(again.of("i-2").size(), 1U);
  EXPECT_TRUE(again.of("i-3").empty());
  ASSERT_TRUE(again.store("i-1", {}));
  KeptChanges third(state_);
  ASSERT_TRUE(third.load());
  EXPECT_TRUE(third.of("i-1").empty());
  EXPECT_EQ(third.of("i-2").size(), 1U) << "another instance's stay";
}

TEST_F(KeptChangesTest, APathIsReadAsItWasWritten) {
  for (const char* text : {"a%25b", "a%2541", "latest/latest/a", "meta-data/meta-data/a",
                           "/latest/user-data", "dynamic/fws/instance-monitoring"}) {
    const std::string path = metadata_path(text).value();
    KeptChanges kept(state_);
    ASSERT_TRUE(kept.store("i-1", {{path, "1", true}}));
    KeptChanges again(state_);
    const auto loaded = again.load();
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(again.of("i-1"), (std::vector<MetadataChange>{{path, "1", true}})) << text;
  }
}

TEST_F(KeptChangesTest, NothingToKeepWritesNoFile) {
  KeptChanges kept(state_);
  ASSERT_TRUE(kept.store("i-1", {{"a", "1", false}}));
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(KeptChangesTest, WriteThatFailsChangesNothing) {
  KeptChanges kept(state_);
  std::filesystem::create_directory(file());  // nothing can be renamed to it
  ASSERT_FALSE(kept.store("i-1", changes_));
  EXPECT_TRUE(kept.of("i-1").empty());
}

TEST_F(KeptChangesTest, DamagedFileIsToldAndLeft) {
  for (const char* text :
       {"", "{", "[]", "{}", R"({"version":"1"})", R"({"version":1})",
        R"({"version":1,"instances":[]})", R"({"version":1,"instances":{"i":{}}})",
        R"({"version":1,"instances":{"i":[{"path":"a"}]}})",
        R"({"version":1,"instances":{"i":[{"path":"a","value":1}]}})",
        R"({"version":1,"instances":{"i":[{"path":"","value":null}]}})",
        R"({"version":1,"instances":{},"more":1})"}) {
    const std::string message = load(text);
    EXPECT_TRUE(message.starts_with("`" + file() + "`: ")) << text << ": " << message;
    EXPECT_NE(message.find("restore it, or remove it"), std::string::npos);
    EXPECT_EQ(read_file(file()).value(), text);
  }
  EXPECT_NE(load(R"({"version":2,"instances":{}})")
                .find("its version is 2, and this imdsd reads version 1"),
            std::string::npos);
}

TEST_F(KeptChangesTest, EveryTruncationIsRefused) {
  KeptChanges kept(state_);
  ASSERT_TRUE(kept.store("i-1", changes_));
  const std::string whole = read_file(file()).value();
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
    EXPECT_NE(load(whole.substr(0, size)), "") << size;
  }
}

}  // namespace
}  // namespace imdsd::daemon
