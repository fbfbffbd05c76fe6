// SPDX-License-Identifier: MIT
#include "imds/path.h"

#include "base/codec.h"

namespace imdsd::imds {
namespace {

constexpr std::string_view kParent = "..";

bool is_plain(std::string_view path) {
  char previous = '\0';
  for (const char c : path) {
    if (c == '%' || c == '\0' || (c == '/' && previous == '/')) return false;
    if (c == '.' && previous == '.') return false;  // perhaps a `..` segment: decided the long way
    previous = c;
  }
  return true;
}

base::Result<std::string> decode_segment(std::string_view raw) {
  IMDSD_TRY(std::string segment, base::percent_decode(raw));
  if (segment == kParent) return base::fail(base::Errc::invalid_argument, "`..` in path");
  if (segment.find('\0') != std::string::npos || segment.find('/') != std::string::npos) {
    return base::fail(base::Errc::invalid_argument, "NUL or encoded slash in path");
  }
  return segment;
}

}  // namespace

base::Result<std::string_view> canonical_path(std::string_view raw, std::string& storage) {
  if (!raw.starts_with('/')) {
    return base::fail(base::Errc::invalid_argument, "path does not start with a slash");
  }
  raw.remove_prefix(1);
  if (raw.ends_with('/')) raw.remove_suffix(1);
  if (!raw.starts_with('/') && !raw.ends_with('/') && is_plain(raw)) return raw;

  storage.clear();
  while (!raw.empty()) {
    const std::string_view segment = take_segment(raw);
    if (segment.empty()) continue;
    IMDSD_TRY(const std::string decoded, decode_segment(segment));
    if (!storage.empty()) storage.push_back('/');
    storage += decoded;
  }
  return std::string_view(storage);
}

std::string_view take_segment(std::string_view& path) noexcept {
  const std::size_t slash = path.find('/');
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  return segment;
}

}  // namespace imdsd::imds
