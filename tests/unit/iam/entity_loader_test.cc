// SPDX-License-Identifier: MIT
#include "iam/entity_loader.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/support/sample_entities.h"

namespace imdsd::iam {
namespace {

StoredEntity stored(const AnyEntity& entity, std::string id) {
  return {std::move(id), std::string(kind_of(entity)), encode_entity(entity)};
}

StoredEntity group(std::size_t i) {
  const std::string id = "AGPA" + std::to_string(i);
  return stored(sample::any(sample::group("group-" + std::to_string(i), id)), id);
}

/// The error of loading `count` groups of which the one at `broken` does not read.
base::Error error_of(std::size_t count, std::size_t broken) {
  EntityLoader loader(2, count);
  for (std::size_t i = 0; i < count; ++i) {
    StoredEntity entity = group(i);
    if (i == broken) entity.body = "{";
    if (const auto added = loader.add(std::move(entity)); !added) return added.error();
  }
  const auto all = loader.finish();
  EXPECT_FALSE(all);
  return all ? base::Error() : all.error();
}

TEST(EntityLoader, LoadsFewAndMany) {
  for (const std::size_t lanes : {0U, 1U, 3U}) {
    for (const std::size_t count : {0U, 1U, 999U, 1000U, 1001U, 7300U}) {
      EntityLoader loader(lanes, count);
      for (std::size_t i = 0; i < count; ++i) ASSERT_TRUE(loader.add(group(i)));
      const auto all = loader.finish();
      ASSERT_TRUE(all) << all.error().message;
      std::set<std::string> ids;
      for (const AnyEntity& entity : *all) {
        ids.insert(std::get<std::shared_ptr<const Group>>(entity)->unique_id);
      }
      EXPECT_EQ(all->size(), count);
      EXPECT_EQ(ids.size(), count) << lanes << " lanes";
    }
  }
}

TEST(EntityLoader, NamesWhatDoesNotRead) {
  for (const std::size_t broken : {0U, 1500U, 2500U, 4499U}) {
    const base::Error error = error_of(4500, broken);
    EXPECT_EQ(error.code, base::Errc::corrupt);
    EXPECT_EQ(error.message, "entity `AGPA" + std::to_string(broken) + "`: group: not JSON");
  }
}

TEST(EntityLoader, EndsBeforeItIsFinished) {
  EntityLoader loader(3, 5000);
  for (std::size_t i = 0; i < 2500; ++i) ASSERT_TRUE(loader.add(group(i)));
}

}  // namespace
}  // namespace imdsd::iam
