// SPDX-License-Identifier: MIT
#include "iam/entity_loader.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace imdsd::iam {
namespace {

// A thread for fewer would cost more than it saves.
constexpr std::size_t kBatch = 1000;

}  // namespace

EntityLoader::EntityLoader(std::size_t lanes, std::size_t expected)
    : lanes_(std::max<std::size_t>(lanes, 1)) {
  batch_.reserve(std::min(expected, kBatch));
  entities_.reserve(expected);
}

base::Result<EntityLoader::Entities> EntityLoader::decode(const Batch& batch,
                                                          EntityDecoder& decoder) {
  Entities out;
  out.reserve(batch.size());
  for (const StoredEntity& stored : batch) {
    auto entity = decoder.decode(stored.kind, stored.body);
    if (!entity) return base::fail_in("entity `" + stored.id + "`", std::move(entity).error());
    out.push_back(*std::move(entity));
  }
  return out;
}

base::Result<void> EntityLoader::collect(Lane& lane) {
  if (!lane.running.valid()) return {};
  IMDSD_TRY(Entities decoded, lane.running.get());
  entities_.insert(entities_.end(), std::make_move_iterator(decoded.begin()),
                   std::make_move_iterator(decoded.end()));
  return {};
}

base::Result<void> EntityLoader::add(StoredEntity entity) {
  batch_.push_back(std::move(entity));
  if (batch_.size() < kBatch) return {};
  Lane& lane = lanes_[next_];
  next_ = (next_ + 1) % lanes_.size();
  IMDSD_TRY_VOID(collect(lane));
  lane.running =
      std::async(std::launch::async, [batch = std::exchange(batch_, {}), &decoder = lane.decoder] {
        return decode(batch, decoder);
      });
  batch_.reserve(kBatch);
  return {};
}

base::Result<std::vector<AnyEntity>> EntityLoader::finish() {
  for (Lane& lane : lanes_) IMDSD_TRY_VOID(collect(lane));
  IMDSD_TRY(Entities last, decode(std::exchange(batch_, {}), lanes_.front().decoder));
  entities_.insert(entities_.end(), std::make_move_iterator(last.begin()),
                   std::make_move_iterator(last.end()));
  return std::exchange(entities_, {});
}

}  // namespace imdsd::iam
