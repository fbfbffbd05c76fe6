// SPDX-License-Identifier: MIT
// The patterns of Action and Resource elements, compiled when the policy is parsed.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "aws/arn.h"
#include "base/result.h"
#include "iam/condition_keys.h"
#include "iam/glob.h"

namespace imdsd::iam {

/// `*` or `service:Name`, with wildcards in the name, without case.
class ActionPattern {
 public:
  [[nodiscard]] static ActionPattern compile(std::string_view text);
  [[nodiscard]] bool matches(std::string_view action) const { return glob_.matches(action); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  Glob glob_;
};

inline constexpr std::size_t kArnSegments = 6;

/// The six segments of an ARN, with wildcards that do not cross the first five colons; the sixth
/// segment takes the rest, where they cross everything. Segments that are not given match anything.
/// With case.
class ArnPattern {
 public:
  /// Errc::invalid_argument: not an ARN, or a variable that cannot be read. `variables_everywhere`:
  /// in conditions they may stand in any segment, in Resource only in the sixth.
  struct Syntax {
    bool variables = false;
    bool variables_everywhere = false;
  };
  [[nodiscard]] static base::Result<ArnPattern> compile(std::string_view text, Syntax syntax);
  [[nodiscard]] bool matches(const std::array<std::string_view, kArnSegments>& arn,
                             const ConditionKeys& keys) const;

 private:
  std::array<Glob, kArnSegments> segments_;
};

/// Splits at the first five colons; nothing when there are fewer.
[[nodiscard]] std::optional<std::array<std::string_view, kArnSegments>> split_arn(
    std::string_view text);

/// An element of Resource or NotResource: `*`, or an ARN pattern.
class ResourcePattern {
 public:
  /// `variables`: the policy's version has them.
  [[nodiscard]] static base::Result<ResourcePattern> compile(std::string_view text, bool variables);
  /// Only `*` matches a request without a resource.
  [[nodiscard]] bool matches(const std::optional<aws::Arn>& resource,
                             const ConditionKeys& keys) const;
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::optional<ArnPattern> arn_;  // none: `*`
};

}  // namespace imdsd::iam
