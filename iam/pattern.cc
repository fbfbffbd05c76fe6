// SPDX-License-Identifier: MIT
#include "iam/pattern.h"

namespace imdsd::iam {
namespace {

struct Segments {
  std::array<std::string_view, kArnSegments> parts;
  std::size_t count = 0;
};

/// `skip_variables`: colons inside ${…} do not split.
Segments split(std::string_view text, bool skip_variables) {
  Segments out;
  std::size_t start = 0;
  std::size_t at = 0;
  while (out.count + 1 < kArnSegments && at < text.size()) {
    if (skip_variables && text.substr(at, 2) == "${") {
      at = text.find('}', at);
      if (at == std::string_view::npos) break;
    } else if (text[at] == ':') {
      out.parts[out.count++] = text.substr(start, at - start);
      start = at + 1;
    }
    ++at;
  }
  out.parts[out.count++] = text.substr(start);
  return out;
}

}  // namespace

ActionPattern ActionPattern::compile(std::string_view text) {
  ActionPattern pattern;
  pattern.text_ = text;
  // Without variables every text compiles.
  if (auto glob = Glob::compile(text, {.ignore_case = true})) pattern.glob_ = *std::move(glob);
  return pattern;
}

std::optional<std::array<std::string_view, kArnSegments>> split_arn(std::string_view text) {
  const Segments segments = split(text, false);
  if (segments.count < kArnSegments) return std::nullopt;
  return segments.parts;
}

base::Result<ArnPattern> ArnPattern::compile(std::string_view text, Syntax syntax) {
  const Segments segments = split(text, syntax.variables && syntax.variables_everywhere);
  if (segments.count < 2 || segments.parts[0] != "arn") {
    return base::fail(base::Errc::invalid_argument, "`" + std::string(text) + "` is not an ARN");
  }
  ArnPattern pattern;
  for (std::size_t i = 0; i < kArnSegments; ++i) {
    if (i >= segments.count) {
      pattern.segments_[i] = Glob::anything();
      continue;
    }
    const bool variables =
        syntax.variables && (syntax.variables_everywhere || i + 1 == kArnSegments);
    IMDSD_TRY(pattern.segments_[i], Glob::compile(segments.parts[i], {.variables = variables}));
  }
  return pattern;
}

bool ArnPattern::matches(const std::array<std::string_view, kArnSegments>& arn,
                         const ConditionKeys& keys) const {
  for (std::size_t i = 0; i < kArnSegments; ++i) {
    if (!segments_[i].matches(arn[i], keys)) return false;
  }
  return true;
}

base::Result<ResourcePattern> ResourcePattern::compile(std::string_view text, bool variables) {
  ResourcePattern pattern;
  pattern.text_ = text;
  if (text != "*") {
    IMDSD_TRY(pattern.arn_, ArnPattern::compile(text, {.variables = variables}));
  }
  return pattern;
}

bool ResourcePattern::matches(const std::optional<aws::Arn>& resource,
                              const ConditionKeys& keys) const {
  if (!arn_) return true;
  if (!resource) return false;
  return arn_->matches({"arn", resource->partition, resource->service, resource->region,
                        resource->account, resource->resource},
                       keys);
}

}  // namespace imdsd::iam
