// SPDX-License-Identifier: MIT
#include "iam/names.h"

#include <algorithm>

#include "base/url.h"

namespace imdsd::iam {
namespace {

constexpr std::string_view kHttps = "https://", kHttp = "http://";

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

bool all_of(std::string_view text, bool (*allowed)(char)) {
  return std::all_of(text.begin(), text.end(), allowed);
}

bool is_name_character(char c) {
  return is_word(c) || std::string_view("+=,.@-").find(c) != std::string_view::npos;
}

bool is_between_slashes(std::string_view text) {
  return text.starts_with('/') && text.ends_with('/') && text.size() <= kMaxPath;
}

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && all_of(text, is_name_character);
}

bool is_path(std::string_view text) {
  return is_between_slashes(text) && all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

bool is_policy_path(std::string_view text) {
  return is_between_slashes(text) && text.find("//") == std::string_view::npos &&
         all_of(text, [](char c) { return c == '/' || is_name_character(c); });
}

bool is_access_key_id(std::string_view text) {
  return text.size() >= 16 && text.size() <= 128 && all_of(text, is_word);
}

bool is_oidc_provider_url(std::string_view url) {
  if (url.starts_with(kHttp)) {
    const auto parsed = base::Url::parse(url);
    return parsed && parsed->is_loopback() && url.find('?') == std::string_view::npos;
  }
  if (!url.starts_with(kHttps)) return false;
  url.remove_prefix(kHttps.size());
  return !url.empty() && url.front() != '/' &&
         all_of(url, [](char c) { return c > 0x20 && c < 0x7F && c != '?' && c != '#'; });
}

std::string_view oidc_provider_name(std::string_view url) {
  for (const std::string_view scheme : {kHttps, kHttp}) {
    if (!url.starts_with(scheme)) continue;
    url.remove_prefix(scheme.size());
    break;
  }
  if (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

}  // namespace imdsd::iam
