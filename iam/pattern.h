// SPDX-License-Identifier: MIT
// The patterns of Action and Resource elements, compiled when the policy is parsed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "iam/condition_keys.h"
#include "iam/glob.h"
#include "iam/literal_start.h"

namespace imdsd::iam {

/// Services by their prefixes, a bit each; some share one. Tells at once that a statement has
/// nothing to say about an action.
using ServiceSet = std::uint64_t;
inline constexpr ServiceSet kAnyService = ~ServiceSet{0};

/// Of `service:Name` in lower case.
[[nodiscard]] ServiceSet service_of(std::string_view action);

/// `*` or `service:Name`, with wildcards in the name, without case.
class ActionPattern {
 public:
  [[nodiscard]] static ActionPattern compile(std::string_view text);
  /// `action` is in lower case: a request's is put so once for all patterns.
  [[nodiscard]] bool matches_lower(std::string_view action) const { return glob_.matches(action); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Whose actions it may match.
  [[nodiscard]] ServiceSet services() const;

 private:
  Glob glob_;  // of the text in lower case
  std::string text_;
};

inline constexpr std::size_t kArnSegments = 6;

/// An ARN of a request as patterns look at it: whole, and split at its first five colons. Refers to
/// the text it was made of.
struct ArnView {
  std::string_view text;
  std::array<std::string_view, kArnSegments> segments;

  /// Nothing when there are fewer than five colons.
  [[nodiscard]] static std::optional<ArnView> of(std::string_view text);
};

/// The six segments of an ARN, with wildcards that do not cross the first five colons; the sixth
/// segment takes the rest, where they cross everything. Segments that are not given match anything.
/// With case. Value type.
class ArnPattern {
 public:
  /// Errc::invalid_argument: not an ARN, or a variable that cannot be read. `variables_everywhere`:
  /// in conditions they may stand in any segment, in Resource only in the sixth.
  struct Syntax {
    bool variables = false;
    bool variables_everywhere = false;
  };
  [[nodiscard]] static base::Result<ArnPattern> compile(std::string_view text, Syntax syntax);
  [[nodiscard]] bool matches(const ArnView& arn, const ConditionKeys& keys) const {
    if (!start_.starts(arn.text)) return false;
    if (shape_ == Shape::literal) return arn.text.size() == start_.size();
    return shape_ == Shape::prefix || matches_segments(arn, keys);
  }

 private:
  using Segments = std::array<Glob, kArnSegments>;
  [[nodiscard]] bool matches_segments(const ArnView& arn, const ConditionKeys& keys) const;

  /// The literal text in front of the first wildcard or variable, over all segments.
  LiteralStart start_;
  /// Nothing follows start_, or one star at the very end.
  enum class Shape { literal, prefix, general } shape_ = Shape::literal;
  std::shared_ptr<const Segments> segments_;  // for Shape::general
  std::size_t first_ = 0;                     // of them that start_ does not hold whole
};

/// An element of Resource or NotResource: `*`, or an ARN pattern.
class ResourcePattern {
 public:
  /// `variables`: the policy's version has them.
  [[nodiscard]] static base::Result<ResourcePattern> compile(std::string_view text, bool variables);
  /// Null: a request without a resource, which only `*` matches.
  [[nodiscard]] bool matches(const ArnView* resource, const ConditionKeys& keys) const {
    return !arn_ || (resource != nullptr && arn_->matches(*resource, keys));
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::optional<ArnPattern> arn_;  // none: `*`
  std::string text_;
};

}  // namespace imdsd::iam
