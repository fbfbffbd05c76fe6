// SPDX-License-Identifier: MIT
#include "sts/web_identity.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::ServiceError;
using iam::JsonNode;
using Kind = iam::JsonNode::Kind;

constexpr std::string_view kTags = "https://aws.amazon.com/tags";
constexpr std::string_view kFlatTag = "https://aws.amazon.com/tags/principal_tags/";
constexpr std::string_view kFlatTransitive = "https://aws.amazon.com/tags/transitive_tag_keys";
constexpr std::string_view kSourceIdentity = "https://aws.amazon.com/source_identity";

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html: the
/// length of SubjectFromWebIdentityToken.
constexpr std::size_t kMaxSubject = 255;
/// Our own, for a claim of no documented size: the session keeps it, in its token.
constexpr std::size_t kMaxMethods = 16;
constexpr std::size_t kMaxMethodBytes = 512;    // of all together
constexpr double kMaxSeconds = 253402300799.0;  // the last second of the year 9999

ServiceError invalid(std::string message) {
  return {400, "InvalidIdentityToken", std::move(message)};
}
ServiceError rejected(std::string_view claim, std::string_view what) {
  return {403, "IDPRejectedClaim",
          "The claim " + std::string(claim) + " is not valid: " + std::string(what)};
}

/// Reads claims one by one. The first error stays, and what is read behind it means nothing.
class Claims {
 public:
  explicit Claims(const JsonNode& claims) : claims_(claims) {}

  std::optional<ServiceError> error;

  std::optional<std::string> text(std::string_view name) {
    const JsonNode* const claim = claims_.find(name);
    if (claim == nullptr) return std::nullopt;
    if (claim->kind == Kind::string) return claim->text;
    return fail(name, "is no text");
  }
  std::string required_text(std::string_view name) {
    auto value = text(name);
    if (!value || value->empty()) missing(name);
    return std::move(value).value_or("");
  }

  /// NumericDate (RFC 7519 section 2): a part of a second does not count.
  std::optional<std::int64_t> time(std::string_view name) {
    const JsonNode* const claim = claims_.find(name);
    if (claim == nullptr) return std::nullopt;
    const double seconds =
        claim->kind == Kind::number ? std::strtod(claim->text.c_str(), nullptr) : -1;
    if (seconds < 0 || seconds > kMaxSeconds) return fail(name, "is no time in seconds");
    return static_cast<std::int64_t>(std::floor(seconds));
  }
  std::int64_t required_time(std::string_view name) {
    const auto value = time(name);
    if (!value) missing(name);
    return value.value_or(0);
  }

  /// A text, or a list of texts.
  std::vector<std::string> texts(std::string_view name) {
    const JsonNode* const claim = claims_.find(name);
    std::vector<std::string> out;
    if (claim == nullptr) return out;
    if (claim->kind == Kind::string) return {claim->text};
    const bool all_texts =
        claim->kind == Kind::array &&
        std::all_of(claim->items.begin(), claim->items.end(),
                    [](const JsonNode& item) { return item.kind == Kind::string; });
    if (!all_texts) (void)fail(name, "is neither text nor a list of texts");
    for (const JsonNode& item : claim->items) out.push_back(item.text);
    return out;
  }

  void missing(std::string_view name) {
    if (!error) error = invalid("Missing a required claim: " + std::string(name));
  }
  void reject(std::string_view name, std::string_view what) {
    if (!error) error = rejected(name, what);
  }

 private:
  std::nullopt_t fail(std::string_view name, std::string_view what) {
    if (!error) error = invalid("The claim " + std::string(name) + " " + std::string(what));
    return std::nullopt;
  }

  const JsonNode& claims_;
};

/// A tag has one value: a text, or a list of one.
void read_tag(std::string_view claim, const std::string& key, const JsonNode& value, Claims& claims,
              WebIdentity& out) {
  const JsonNode* one = &value;
  if (value.kind == Kind::array && value.items.size() == 1) one = &value.items.front();
  if (one->kind != Kind::string) return claims.reject(claim, "a tag has one text as its value");
  out.tags.push_back({key, one->text});
}

void read_transitive(std::string_view claim, const JsonNode& keys, Claims& claims,
                     WebIdentity& out) {
  if (keys.kind != Kind::array) return claims.reject(claim, "transitive_tag_keys is no list");
  for (const JsonNode& key : keys.items) {
    if (key.kind != Kind::string) return claims.reject(claim, "a transitive tag key is no text");
    out.transitive_tag_keys.push_back(key.text);
  }
}

void read_nested_tags(const JsonNode& tags, Claims& claims, WebIdentity& out) {
  if (tags.kind != Kind::object) return claims.reject(kTags, "it is no object");
  if (const JsonNode* const principal = tags.find("principal_tags")) {
    if (principal->kind != Kind::object) {
      return claims.reject(kTags, "principal_tags is no object");
    }
    for (const auto& [key, value] : principal->members) read_tag(kTags, key, value, claims, out);
  }
  if (const JsonNode* const keys = tags.find("transitive_tag_keys")) {
    read_transitive(kTags, *keys, claims, out);
  }
}

/// In one object, or a claim a tag, which providers that know no objects make.
void read_tags(const JsonNode& token, Claims& claims, WebIdentity& out) {
  for (const auto& [name, value] : token.members) {
    if (name == kTags) {
      read_nested_tags(value, claims, out);
    } else if (name == kFlatTransitive) {
      read_transitive(name, value, claims, out);
    } else if (name.starts_with(kFlatTag)) {
      read_tag(name, name.substr(kFlatTag.size()), value, claims, out);
    }
  }
}

void check_methods(const std::vector<std::string>& methods, Claims& claims) {
  std::size_t bytes = 0;
  for (const std::string& method : methods) bytes += method.size();
  if (methods.size() <= kMaxMethods && bytes <= kMaxMethodBytes) return;
  claims.reject("amr", "it has over 16 values, or over 512 bytes");
}

}  // namespace

Outcome<WebIdentity> WebIdentity::parse(const JsonNode& token) {
  Claims claims(token);
  WebIdentity out;
  out.issuer = claims.required_text("iss");
  out.subject = claims.required_text("sub");
  out.audiences = claims.texts("aud");
  if (out.audiences.empty()) claims.missing("aud");
  out.expiration = claims.required_time("exp");
  out.issued = claims.required_time("iat");
  out.not_before = claims.time("nbf");
  out.authorized = claims.text("azp");
  out.methods = claims.texts("amr");
  check_methods(out.methods, claims);
  out.email = claims.text("email").value_or("");
  if (out.subject.size() > kMaxSubject) claims.reject("sub", "it has over 255 bytes");
  out.source_identity = claims.text(kSourceIdentity).value_or("");
  read_tags(token, claims, out);
  if (claims.error) return tl::unexpected(*std::move(claims.error));
  return out;
}

std::optional<ServiceError> WebIdentity::refuse_time(base::SystemTime now) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const std::int64_t skew = std::chrono::seconds(kClockSkew).count();
  if (seconds >= expiration + skew) {
    return ServiceError{400, "ExpiredTokenException",
                        "Token expired: current date/time " + std::to_string(seconds) +
                            " must be before the expiration date/time " +
                            std::to_string(expiration)};
  }
  if (not_before && *not_before > seconds + skew) {
    return invalid("Token is not valid yet: current date/time " + std::to_string(seconds) +
                   " is before " + std::to_string(*not_before) + " (nbf)");
  }
  if (issued > seconds + skew) {
    return invalid("Token is not issued yet: current date/time " + std::to_string(seconds) +
                   " is before " + std::to_string(issued) + " (iat)");
  }
  return std::nullopt;
}

std::optional<std::string> WebIdentity::find_audience(
    const std::vector<std::string>& client_ids) const {
  const auto is_known = [&](const std::string& id) {
    return std::find(client_ids.begin(), client_ids.end(), id) != client_ids.end();
  };
  if (authorized) return is_known(*authorized) ? authorized : std::nullopt;
  const auto found = std::find_if(audiences.begin(), audiences.end(), is_known);
  if (found == audiences.end()) return std::nullopt;
  return *found;
}

std::map<std::string, std::vector<std::string>> session_keys(const WebIdentity& identity,
                                                             const std::string& prefix,
                                                             const std::string& audience) {
  std::map<std::string, std::vector<std::string>> keys{{prefix + ":aud", {audience}},
                                                       {prefix + ":sub", {identity.subject}}};
  if (!identity.methods.empty()) keys.emplace(prefix + ":amr", identity.methods);
  return keys;
}

iam::ConditionKeys trust_keys(const WebIdentity& identity, const std::string& prefix,
                              const std::string& audience) {
  iam::ConditionKeys keys;
  for (auto& [name, values] : session_keys(identity, prefix, audience)) keys.set(name, values);
  keys.set(prefix + ":oaud", identity.audiences);
  if (!identity.email.empty()) keys.set(prefix + ":email", identity.email);
  return keys;
}

}  // namespace imdsd::sts
