// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/ids.h"
#include "base/clock.h"
#include "base/random.h"
#include "iam/directory.h"
#include "iam/store.h"

namespace imdsd::iam {

/// Changes to a directory that are not yet made: they are seen through directory() alone, until
/// DirectoryService makes them durable and publishes them together. For one thread.
class Transaction {
 public:
  Transaction(const Directory& base, base::SystemTime now, base::Random& random)
      : directory_(base), now_(now), random_(random) {}

  /// With the changes so far.
  [[nodiscard]] const Directory& directory() const noexcept { return directory_; }
  [[nodiscard]] base::SystemTime now() const noexcept { return now_; }
  [[nodiscard]] base::Random& random() noexcept { return random_; }

  /// Inserts, or replaces the entity with the same unique id.
  template <class T>
  void put(T entity) {
    put_any(std::make_shared<const T>(std::move(entity)));
  }
  template <class T>
  void erase(const std::shared_ptr<const T>& entity) {
    erase_any(entity);
  }

  /// A unique id that no entity has, and an access key id.
  [[nodiscard]] std::string new_unique_id(aws::IdPrefix prefix, std::string_view account);
  [[nodiscard]] std::string new_access_key_id(std::string_view account);

  [[nodiscard]] const std::vector<Change>& changes() const noexcept { return changes_; }

 private:
  void put_any(AnyEntity entity);
  void erase_any(AnyEntity entity);

  Directory directory_;
  base::SystemTime now_;
  base::Random& random_;
  std::vector<Change> changes_;
};

}  // namespace imdsd::iam
