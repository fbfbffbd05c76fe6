// SPDX-License-Identifier: MIT
#include "iam/pattern.h"

#include "base/codec.h"

namespace imdsd::iam {
namespace {

struct Split {
  std::array<std::string_view, kArnSegments> parts;
  std::size_t count = 0;
};

/// `skip_variables`: colons inside ${…} do not split.
Split split(std::string_view text, bool skip_variables) {
  Split out;
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

ServiceSet service_of(std::string_view action) {
  // FNV-1a over the prefix, folded so that all of it counts.
  std::uint32_t hash = 2166136261U;
  for (const char c : action.substr(0, action.find(':'))) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  }
  return ServiceSet{1} << (hash >> 26);
}

ServiceSet ActionPattern::services() const {
  const std::string_view literal = glob_.start();
  return literal.find(':') == std::string_view::npos ? kAnyService : service_of(literal);
}

ActionPattern ActionPattern::compile(std::string_view text) {
  ActionPattern pattern;
  pattern.text_ = text;
  // Without variables every text compiles.
  if (auto glob = Glob::compile(base::to_lower(text), {})) pattern.glob_ = *std::move(glob);
  return pattern;
}

std::optional<ArnView> ArnView::of(std::string_view text) {
  const Split segments = split(text, false);
  if (segments.count < kArnSegments) return std::nullopt;
  return ArnView{text, segments.parts};
}

base::Result<ArnPattern> ArnPattern::compile(std::string_view text, Syntax syntax) {
  const auto segments = split(text, syntax.variables && syntax.variables_everywhere);
  if (segments.count < 2 || segments.parts[0] != "arn") {
    return base::fail(base::Errc::invalid_argument, "`" + std::string(text) + "` is not an ARN");
  }
  Segments globs;
  for (std::size_t i = 0; i < kArnSegments; ++i) {
    if (i >= segments.count) {
      globs[i] = Glob::anything();
      continue;
    }
    const bool variables =
        syntax.variables && (syntax.variables_everywhere || i + 1 == kArnSegments);
    IMDSD_TRY(globs[i], Glob::compile(segments.parts[i], {.variables = variables}));
  }
  ArnPattern pattern;
  std::size_t first = 0;  // that is not literal
  std::string start;
  while (first + 1 < kArnSegments && globs[first].is_literal()) {
    start += globs[first++].start() + ":";
  }
  pattern.start_ = LiteralStart(start + globs[first].start());
  pattern.first_ = first;
  const bool is_last = first + 1 == kArnSegments && segments.count == kArnSegments;
  if (is_last && globs[first].is_literal()) return pattern;
  pattern.shape_ = is_last && globs[first].is_prefix() ? Shape::prefix : Shape::general;
  if (pattern.shape_ == Shape::general) {
    pattern.segments_ = std::make_shared<const Segments>(std::move(globs));
  }
  return pattern;
}

bool ArnPattern::matches_segments(const ArnView& arn, const ConditionKeys& keys) const {
  for (std::size_t i = first_; i < kArnSegments; ++i) {
    if (!(*segments_)[i].matches(arn.segments[i], keys)) return false;
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

}  // namespace imdsd::iam
