// SPDX-License-Identifier: MIT
#include "imds/path.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace imdsd::imds {
namespace {

using namespace std::string_view_literals;

struct Case {
  std::string_view name;
  std::string_view raw;
  std::optional<std::string_view> canonical;
};

class CanonicalPath : public testing::TestWithParam<Case> {};

TEST_P(CanonicalPath, IsWhatTheTreeSpells) {
  std::string storage = "left over";
  const auto path = canonical_path(GetParam().raw, storage);
  ASSERT_EQ(path.has_value(), GetParam().canonical.has_value()) << GetParam().raw;
  if (path) {
    EXPECT_EQ(*path, *GetParam().canonical);
  } else {
    EXPECT_EQ(path.error().code, base::Errc::invalid_argument);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, CanonicalPath,
    testing::Values(
        Case{"root", "/", ""}, Case{"only_slashes", "////", ""},
        Case{"plain", "/latest/meta-data/mac", "latest/meta-data/mac"},
        Case{"slash_behind", "/latest/meta-data/mac/", "latest/meta-data/mac"},
        Case{"slashes_behind", "/latest/meta-data/mac///", "latest/meta-data/mac"},
        Case{"two_slashes_in_front", "//latest/mac", "latest/mac"},
        Case{"two_slashes_within", "/latest//meta-data///mac", "latest/meta-data/mac"},
        Case{"escaped_colons", "/macs/0a%3a1b%3A2c", "macs/0a:1b:2c"},
        Case{"escaped_space", "/tags/My%20Tag", "tags/My Tag"},
        Case{"plus_stays", "/tags/a+b", "tags/a+b"},
        Case{"decoded_once", "/tags/%2541", "tags/%41"},
        Case{"escaped_letter", "/l%61test", "latest"},
        Case{"escape_and_slashes", "//l%61test//", "latest"},
        Case{"dots_in_a_name", "/a..b/c...", "a..b/c..."}, Case{"one_dot", "/a/./b", "a/./b"},
        Case{"parent", "/latest/../etc", std::nullopt}, Case{"parent_first", "/..", std::nullopt},
        Case{"parent_last", "/latest/..", std::nullopt},
        Case{"parent_then_slash", "/latest/../", std::nullopt},
        Case{"escaped_parent", "/latest/%2e%2E/etc", std::nullopt},
        Case{"half_escaped_parent", "/latest/.%2e", std::nullopt},
        Case{"escaped_slash", "/latest%2fmeta-data", std::nullopt},
        Case{"escaped_nul", "/latest/mac%00", std::nullopt},
        Case{"nul", "/latest/mac\0"sv, std::nullopt},
        Case{"broken_escape", "/latest/%g1", std::nullopt},
        Case{"short_escape", "/latest/%4", std::nullopt},
        Case{"lone_percent", "/latest/%", std::nullopt}, Case{"empty", "", std::nullopt},
        Case{"no_slash_in_front", "latest/", std::nullopt}, Case{"asterisk", "*", std::nullopt}),
    [](const auto& i) { return std::string(i.param.name); });

TEST(CanonicalPathStorage, IsNotTouchedByACanonicalPath) {
  std::string storage = "untouched";
  const std::string raw = "/latest/meta-data/mac/";
  const auto path = canonical_path(raw, storage);
  ASSERT_TRUE(path);
  EXPECT_EQ(path->data(), raw.data() + 1);
  EXPECT_EQ(storage, "untouched");
}

TEST(CanonicalPathTruncation, AnswersOrRefusesAtEachLength) {
  const std::string raw = "//latest/%6deta-data/../x%00/%2f/%zz";
  for (std::size_t n = 0; n <= raw.size(); ++n) {
    std::string storage;
    const auto path = canonical_path(raw.substr(0, n), storage);
    EXPECT_EQ(path.has_value(), n > 0 && n != 10 && n != 11 && n < 23) << n;
  }
}

TEST(TakeSegment, TakesOneAfterAnother) {
  std::string_view path = "latest/meta-data/mac";
  EXPECT_EQ(take_segment(path), "latest");
  EXPECT_EQ(take_segment(path), "meta-data");
  EXPECT_EQ(path, "mac");
  EXPECT_EQ(take_segment(path), "mac");
  EXPECT_EQ(path, "");
  EXPECT_EQ(take_segment(path), "");
}

}  // namespace
}  // namespace imdsd::imds
