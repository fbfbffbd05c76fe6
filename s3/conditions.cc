// SPDX-License-Identifier: MIT
#include "s3/conditions.h"

#include <chrono>

#include "base/codec.h"
#include "base/http_date.h"
#include "s3/errors.h"
#include "s3/etag.h"

namespace imdsd::s3 {
namespace {

std::optional<std::string> text_of(const base::HttpHeaders& headers, std::string_view name) {
  const auto value = headers.get(name);
  return value ? std::optional(std::string(*value)) : std::nullopt;
}

std::optional<base::SystemTime> time_of(const base::HttpHeaders& headers, std::string_view name) {
  const auto value = headers.get(name);
  if (!value) return std::nullopt;
  const auto time = base::parse_http_date(*value);
  return time ? std::optional(*time) : std::nullopt;
}

Conditions parse(const base::HttpHeaders& headers, const std::string& prefix) {
  return {.if_match = text_of(headers, prefix + "if-match"),
          .if_none_match = text_of(headers, prefix + "if-none-match"),
          .if_modified_since = time_of(headers, prefix + "if-modified-since"),
          .if_unmodified_since = time_of(headers, prefix + "if-unmodified-since")};
}

aws::S3Error refused_value(std::string_view header) {
  auto error = not_implemented_header(header);
  error.details.emplace_back("additionalMessage", "We don't accept the provided value of " +
                                                      std::string(header) + " header for this API");
  return error;
}

}  // namespace

Conditions parse_conditions(const base::HttpHeaders& headers) {
  return parse(headers, "");
}

Conditions parse_copy_source_conditions(const base::HttpHeaders& headers) {
  return parse(headers, "x-amz-copy-source-");
}

bool etag_matches(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view one = base::trim(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (unquoted_etag(one) == etag) return true;
  }
  return false;
}

ConditionsResult check_conditions(const Conditions& conditions, std::string_view etag,
                                  base::SystemTime last_modified) {
  const auto modified = std::chrono::floor<std::chrono::seconds>(last_modified);
  // RFC 9110 section 13.2.2: each date counts only without the ETags of its kind.
  if (conditions.if_match) {
    if (!etag_matches(*conditions.if_match, etag)) return {Verdict::failed, "If-Match"};
  } else if (conditions.if_unmodified_since && modified > *conditions.if_unmodified_since) {
    return {Verdict::failed, "If-Unmodified-Since"};
  }
  if (conditions.if_none_match) {
    if (etag_matches(*conditions.if_none_match, etag)) {
      return {Verdict::not_modified, "If-None-Match"};
    }
  } else if (conditions.if_modified_since && modified <= *conditions.if_modified_since) {
    return {Verdict::not_modified, "If-Modified-Since"};
  }
  return {};
}

aws::S3Outcome<void> check_copy_source(const Conditions& conditions, std::string_view etag,
                                       base::SystemTime last_modified) {
  const auto result = check_conditions(conditions, etag, last_modified);
  if (result.verdict == Verdict::proceed) return {};
  return tl::unexpected(precondition_failed("x-amz-copy-source-" + std::string(result.condition)));
}

aws::S3Outcome<WriteCondition> parse_write_condition(const base::HttpHeaders& headers) {
  const auto if_match = headers.get("if-match");
  const auto if_none_match = headers.get("if-none-match");
  if (if_match && if_none_match) {
    auto error = not_implemented_header("If-Match");
    error.details.emplace_back("additionalMessage",
                               "Multiple conditional request headers present in the request");
    return tl::unexpected(std::move(error));
  }
  WriteCondition out;
  if (if_none_match) {
    if (base::trim(*if_none_match) != "*") return tl::unexpected(refused_value("If-None-Match"));
    out.if_none_match = true;
  }
  if (if_match) {
    const std::string_view etag = unquoted_etag(base::trim(*if_match));
    if (etag.empty() || etag.find(',') != std::string_view::npos) {
      return tl::unexpected(refused_value("If-Match"));
    }
    out.if_match = std::string(etag);
  }
  return out;
}

}  // namespace imdsd::s3
