// SPDX-License-Identifier: MIT
#include "s3/address.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "aws/query_string.h"
#include "base/codec.h"
#include "base/ip_address.h"
#include "base/utf8.h"
#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

using aws::S3Error;

S3Error invalid_uri(std::string_view uri) {
  return {400, "InvalidURI", "Couldn't parse the specified URI.", {{"URI", std::string(uri)}}};
}

/// What is in front of `.domain`; nothing if the host does not end in it.
std::optional<std::string_view> in_front_of(std::string_view host, std::string_view domain) {
  if (host.size() <= domain.size() + 1) return std::nullopt;
  const std::size_t dot = host.size() - domain.size() - 1;
  if (host[dot] != '.' || !base::equals_ignoring_case(host.substr(dot + 1), domain)) {
    return std::nullopt;
  }
  return host.substr(0, dot);
}

/// us-east-1, us-gov-west-1.
bool looks_like_region(std::string_view label) {
  return std::count(label.begin(), label.end(), '-') >= 2 && label.back() >= '0' &&
         label.back() <= '9';
}

/// `labels` are those in front of the domain: bucket, bucket.s3, bucket.s3.region; empty for s3
/// itself, whose requests are path-style.
std::string_view bucket_of(std::string_view labels) {
  const std::size_t last = labels.rfind('.');
  std::string_view service = labels;
  if (last != std::string_view::npos && looks_like_region(labels.substr(last + 1))) {
    service = labels.substr(0, last);
  }
  if (service == "s3") return {};
  if (service.ends_with(".s3")) return service.substr(0, service.size() - 3);
  return labels;
}

std::string_view bucket_in_host(std::string_view host, std::span<const std::string> domains) {
  for (const auto& domain : domains) {
    if (const auto labels = in_front_of(host, domain)) return bucket_of(*labels);
  }
  return {};
}

aws::S3Outcome<std::string> decoded(std::string_view text, std::string_view uri) {
  auto out = base::percent_decode(text);
  if (!out || !base::is_valid_utf8(*out)) return tl::unexpected(invalid_uri(uri));
  return *std::move(out);
}

aws::S3Outcome<void> check(const Address& address) {
  if (!is_bucket_name(address.bucket)) return tl::unexpected(invalid_bucket_name(address.bucket));
  if (address.key.size() > kMaxKeyBytes) return tl::unexpected(key_too_long(address.key.size()));
  return {};
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

tl::unexpected<S3Error> bad_copy_source(std::string_view header, std::string message) {
  return tl::unexpected(invalid_argument("x-amz-copy-source", header, std::move(message)));
}

}  // namespace

aws::S3Outcome<Address> parse_address(const base::HttpRequest& request,
                                      std::span<const std::string> domains) {
  Address address;
  std::string_view path = request.path();
  path.remove_prefix(path.starts_with('/') ? 1 : 0);
  const auto host = request.headers.get("Host");
  address.bucket =
      base::to_lower(bucket_in_host(base::host_without_port(host.value_or("")), domains));
  address.virtual_hosted = !address.bucket.empty();
  if (!address.virtual_hosted) {
    if (path.empty()) return address;
    const std::string_view bucket = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), bucket.size() + 1));
    IMDSD_TRY(address.bucket, decoded(bucket, request.path()));
  }
  IMDSD_TRY(address.key, decoded(path, request.path()));
  IMDSD_TRY_VOID(check(address));
  return address;
}

aws::S3Outcome<Address> parse_copy_source(std::string_view header) {
  std::string_view source = header;
  // A `?` of the key is percent-encoded: SDKs append the version behind one.
  if (const std::size_t mark = source.find('?'); mark != std::string_view::npos) {
    const auto version = aws::query_value(source.substr(mark + 1), "versionId");
    if (version && *version != "null")
      return bad_copy_source(header, "Invalid version id specified");
    source = source.substr(0, mark);
  }
  const auto text = base::percent_decode(source);
  if (!text || !base::is_valid_utf8(*text)) {
    return bad_copy_source(header, "Invalid copy source encoding");
  }
  if (text->starts_with("arn:")) return tl::unexpected(not_implemented_header("x-amz-copy-source"));
  std::string_view rest = *text;
  rest.remove_prefix(rest.starts_with('/') ? 1 : 0);
  const std::size_t slash = rest.find('/');
  Address address;
  address.bucket = rest.substr(0, slash);
  if (slash != std::string_view::npos) address.key = rest.substr(slash + 1);
  if (address.key.empty()) return bad_copy_source(header, "Invalid copy source object key");
  if (!is_bucket_name(address.bucket)) {
    return bad_copy_source(header, "Invalid copy source bucket name");
  }
  IMDSD_TRY_VOID(check(address));
  return address;
}

bool is_bucket_name(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 3> kStarts{"xn--", "sthree-", "amzn-s3-demo-"};
  constexpr std::array<std::string_view, 5> kEnds{"-s3alias", "--ol-s3", ".mrap", "--x-s3",
                                                  "--table-s3"};
  if (name.size() < 3 || name.size() > 63) return false;
  if (!is_letter_or_digit(name.front()) || !is_letter_or_digit(name.back())) return false;
  const auto is_allowed = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; };
  if (!std::all_of(name.begin(), name.end(), is_allowed)) return false;
  if (name.find("..") != std::string_view::npos) return false;
  const auto begins = [name](std::string_view start) { return name.starts_with(start); };
  const auto ends = [name](std::string_view end) { return name.ends_with(end); };
  if (std::any_of(kStarts.begin(), kStarts.end(), begins)) return false;
  if (std::any_of(kEnds.begin(), kEnds.end(), ends)) return false;
  return !base::IpAddress::parse(name).has_value();
}

}  // namespace imdsd::s3
