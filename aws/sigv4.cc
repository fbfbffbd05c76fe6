// SPDX-License-Identifier: MIT
#include "aws/sigv4.h"

#include <algorithm>
#include <utility>

#include "aws/query_string.h"
#include "aws/sigv4a.h"
#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::aws {
namespace {

base::Result<void> check_path(std::string_view path) {
  if (!path.starts_with('/')) {
    return base::fail(base::Errc::invalid_argument, "path does not begin with a slash");
  }
  return check_escapes(path);
}

// RFC 3986 section 5.2.4, and empty segments go, too. As the SDKs do it, a final `.` or `..` leaves
// no slash behind.
std::string normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::string_view segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      kept.push_back(segment);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string out;
  for (const auto segment : kept) out.append("/").append(segment);
  if (kept.empty() || path.ends_with('/')) out.push_back('/');
  return out;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Outer white space goes, each inner run of it becomes one space (a folded line is such a run).
void append_value(std::string& out, std::string_view value) {
  bool first = true;
  while (true) {
    const auto word = std::find_if_not(value.begin(), value.end(), is_blank);
    const auto end = std::find_if(word, value.end(), is_blank);
    if (word == end) return;
    if (!first) out.push_back(' ');
    out.append(word, end);
    first = false;
    value.remove_prefix(static_cast<std::size_t>(end - value.begin()));
  }
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// lower_case(a) < b, for a `b` that is in lower case already.
int compare_lowered(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    const auto left = static_cast<unsigned char>(lower(a[i]));
    const auto right = static_cast<unsigned char>(b[i]);
    if (left != right) return left < right ? -1 : 1;
  }
  if (a.size() == b.size()) return 0;
  return a.size() < b.size() ? -1 : 1;
}

// One look at each header line, by binary search among the signed names: the head may hold
// thousands of both.
void append_signed_headers(std::string& out, const std::vector<base::HttpHeader>& lines,
                           std::span<const std::string> names) {
  std::vector<std::pair<std::size_t, std::string_view>> found;  // index of the name, value
  found.reserve(lines.size());
  for (const auto& line : lines) {
    const auto at = std::lower_bound(names.begin(), names.end(), line.name,
                                     [](const std::string& name, const std::string& wanted) {
                                       return compare_lowered(wanted, name) > 0;
                                     });
    if (at == names.end() || compare_lowered(line.name, *at) != 0) continue;
    found.emplace_back(static_cast<std::size_t>(at - names.begin()), line.value);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  auto next = found.begin();
  for (std::size_t i = 0; i < names.size(); ++i) {
    out.append(names[i]).push_back(':');
    for (bool first = true; next != found.end() && next->first == i; ++next, first = false) {
      if (!first) out.push_back(',');
      append_value(out, next->second);
    }
    out.push_back('\n');
  }
}

std::size_t size_of_head(const base::HttpRequest& request) {
  std::size_t size = request.method.size() + 2 * request.target.size() + 256;
  for (const auto& line : request.headers.lines()) size += line.name.size() + line.value.size() + 2;
  return size;
}

}  // namespace

std::string CredentialScope::to_string() const {
  std::string out;
  out.reserve(date.size() + (region ? region->size() + 1 : 0) + service.size() + terminator.size() +
              2);
  out.append(date);
  if (region) out.append("/").append(*region);
  return out.append("/").append(service).append("/").append(terminator);
}

std::string_view CredentialScope::algorithm() const {
  return region ? kSigV4Algorithm : kSigV4aAlgorithm;
}

base::Result<std::string> canonical_uri(std::string_view path, PathRule rule) {
  if (path == "/" || path.empty()) return std::string("/");
  IMDSD_TRY_VOID(check_path(path));
  if (rule == PathRule::normalize_and_encode_twice) {
    return base::percent_encode(normalized(path), true);
  }
  IMDSD_TRY(const std::string decoded, base::percent_decode(path));
  return base::percent_encode(decoded, true);
}

base::Result<std::string> canonical_query(std::string_view query) {
  IMDSD_TRY_VOID(check_escapes(query));
  std::vector<std::pair<std::string, std::string>> parameters;
  std::size_t size = 0;
  while (const auto raw = next_parameter(query)) {
    IMDSD_TRY(std::string name, base::form_decode(raw->name));
    IMDSD_TRY(std::string value, base::form_decode(raw->value));
    if (name == "X-Amz-Signature") continue;
    parameters.emplace_back(base::percent_encode(name), base::percent_encode(value));
    size += parameters.back().first.size() + parameters.back().second.size() + 2;
  }
  std::sort(parameters.begin(), parameters.end());
  std::string out;
  out.reserve(size);
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out.push_back('&');
    out.append(name).append("=").append(value);
  }
  return out;
}

base::Result<std::string> canonical_request(const base::HttpRequest& request,
                                            std::span<const std::string> signed_headers,
                                            std::string_view payload_hash, PathRule rule) {
  if (!std::is_sorted(signed_headers.begin(), signed_headers.end())) {
    return base::fail(base::Errc::invalid_argument, "signed headers are not sorted");
  }
  IMDSD_TRY(const std::string uri, canonical_uri(request.path(), rule));
  IMDSD_TRY(const std::string query, canonical_query(request.query()));
  std::string out;
  out.reserve(size_of_head(request) + payload_hash.size());
  out.append(request.method).append("\n").append(uri).append("\n").append(query).append("\n");
  append_signed_headers(out, request.headers.lines(), signed_headers);
  out.push_back('\n');
  for (std::size_t i = 0; i < signed_headers.size(); ++i) {
    if (i > 0) out.push_back(';');
    out.append(signed_headers[i]);
  }
  out.append("\n").append(payload_hash);
  return out;
}

std::string string_to_sign(std::string_view amz_date, const CredentialScope& scope,
                           std::string_view canonical_request) {
  std::string out(scope.algorithm());
  return out.append("\n")
      .append(amz_date)
      .append("\n")
      .append(scope.to_string())
      .append("\n")
      .append(base::hex_encode(base::sha256(canonical_request)));
}

base::Secret signing_key(const base::Secret& secret_access_key, const CredentialScope& scope) {
  // The derived keys sign in the place of the secret: Secret wipes each of them.
  const auto derive = [](const base::Secret& key, std::string_view data) {
    return base::Secret(base::hmac_sha256(key.reveal(), data));
  };
  std::string text;
  text.reserve(4 + secret_access_key.reveal().size());
  text.append("AWS4").append(secret_access_key.reveal());
  const base::Secret start(std::move(text));
  return derive(derive(derive(derive(start, scope.date), scope.region.value_or("")), scope.service),
                scope.terminator);
}

std::string signature(const base::Secret& secret_access_key, const CredentialScope& scope,
                      std::string_view string_to_sign) {
  const base::Secret key = signing_key(secret_access_key, scope);
  return base::hex_encode(base::hmac_sha256(key.reveal(), string_to_sign));
}

}  // namespace imdsd::aws
