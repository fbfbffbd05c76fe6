// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <future>
#include <string>
#include <vector>

#include "base/result.h"
#include "iam/entity_codec.h"

namespace imdsd::iam {

/// An entity as stores keep it.
struct StoredEntity {
  std::string id, kind, body;
};

/// Decodes the entities of a store while it is still read, on several threads where there are many.
/// For one thread.
class EntityLoader {
 public:
  /// `lanes`: how many threads decode at once, at least one; `expected`: how many entities come.
  EntityLoader(std::size_t lanes, std::size_t expected);

  /// Errc::corrupt names an entity that does not read, this one or one before it.
  [[nodiscard]] base::Result<void> add(StoredEntity entity);
  /// All of them, in no order that means anything. The loader is empty then.
  [[nodiscard]] base::Result<std::vector<AnyEntity>> finish();

 private:
  using Batch = std::vector<StoredEntity>;
  using Entities = std::vector<AnyEntity>;
  /// One batch after the other; equal policies are shared within a lane.
  struct Lane {
    EntityDecoder decoder;
    std::future<base::Result<Entities>> running;  // ends before the decoder does
  };
  [[nodiscard]] static base::Result<Entities> decode(const Batch& batch, EntityDecoder& decoder);
  /// Waits for what the lane decodes, if anything.
  [[nodiscard]] base::Result<void> collect(Lane& lane);

  std::vector<Lane> lanes_;
  std::size_t next_ = 0;  // the lane that has been busy longest
  Batch batch_;
  Entities entities_;
};

}  // namespace imdsd::iam
