// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "iam/evaluate.h"
#include "iam/near_match.h"
#include "iam/remedy.h"

namespace imdsd::iam {

/// What of a remedy may be read.
struct ReadableRemedy {
  Remedy remedy;
  bool lacks_some = false;  // it takes other changes as well
};

/// Which layers' policies a reader of an explanation may read. Of the others there is the verdict
/// alone, as AWS shows nobody what the policies of another account say. Value type.
class ReadableLayers {
 public:
  /// All.
  ReadableLayers() { readable_.fill(true); }
  /// Those of `account`: what binds the caller where the caller is one of its own, what binds the
  /// resource where that belongs to it.
  ReadableLayers(const RequestContext& request, std::string_view account);

  [[nodiscard]] bool has(Layer layer) const noexcept {
    return readable_[static_cast<std::size_t>(layer)];
  }
  /// Does it have all that had a say?
  [[nodiscard]] bool has_all_of(const Decision& decision) const noexcept;
  /// Without the statements that are not to be read.
  [[nodiscard]] Decision part_of(const Decision& decision) const;
  [[nodiscard]] std::vector<NearMatch> part_of(std::vector<NearMatch> near) const;
  /// Without keys that would allow the request, where it has not all: whose conditions they meet is
  /// not known.
  [[nodiscard]] ReadableRemedy part_of(Remedy remedy) const;

 private:
  std::array<bool, kLayerCount> readable_{};
};

}  // namespace imdsd::iam
