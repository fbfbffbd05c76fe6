// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>

#include "aws/arn.h"
#include "aws/ids.h"
#include "base/codec.h"
#include "iam/policy_parser.h"

namespace imdsd::iam {
namespace {

using Kind = PrincipalPattern::Kind;

bool is_twelve_digits(std::string_view text) {
  return aws::AccountId::parse(text).has_value();
}

/// AIDA… or AROA…: how AWS shows a principal that was deleted.
bool is_unique_id(std::string_view text) {
  return text.size() == 21 && (text.starts_with("AIDA") || text.starts_with("AROA")) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

/// assumed-role/ROLE/SESSION or federated-user/NAME; one session, no wildcard.
bool is_session(std::string_view resource) {
  if (resource.starts_with("federated-user/")) return resource.size() > 15;
  if (!resource.starts_with("assumed-role/")) return false;
  const std::string_view rest = resource.substr(13);
  const std::size_t slash = rest.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < rest.size() &&
         rest.find('/', slash + 1) == std::string_view::npos;
}

bool is_entity(std::string_view resource) {
  const std::size_t slash = resource.find('/');
  const std::string_view type = resource.substr(0, slash);
  return slash != std::string_view::npos && (type == "user" || type == "role") &&
         !resource.ends_with('/');
}

PrincipalPattern pattern(Kind kind, const std::string& value, const std::string& unique_id = "") {
  PrincipalPattern out;
  out.kind = kind;
  out.value = value;
  out.unique_id = unique_id;
  return out;
}

PrincipalPattern located(PrincipalPattern out, const JsonNode& node) {
  out.text_at = node.offset;
  out.text_size = node.size;
  return out;
}

std::optional<PrincipalPattern> read_aws(const std::string& text) {
  if (text == "*") return pattern(Kind::anyone, text);
  if (is_twelve_digits(text)) return pattern(Kind::account, text);
  if (is_unique_id(text)) return pattern(Kind::entity, text, text);
  const auto arn = aws::Arn::parse(text);
  if (!arn || !arn->region.empty() || !is_twelve_digits(arn->account) ||
      text.find_first_of("*?") != std::string::npos) {
    return std::nullopt;
  }
  if (arn->service == "iam" && arn->resource == "root") {
    return pattern(Kind::account, arn->account);
  }
  if (arn->service == "iam" && is_entity(arn->resource)) {
    return pattern(Kind::entity, text);
  }
  if (arn->service == "sts" && is_session(arn->resource)) {
    return pattern(Kind::session, text);
  }
  return std::nullopt;
}

/// Which services there are changes too often to know them all; their names have a form.
std::optional<PrincipalPattern> read_service(const std::string& text) {
  const std::string name = base::to_lower(text);
  const bool known_domain = name.ends_with(".amazonaws.com") ||
                            name.ends_with(".amazonaws.com.cn") || name.ends_with(".amazon.com") ||
                            name.ends_with(".aws.internal");
  const bool is_host =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string::npos &&
      !name.starts_with('.') && name.find("..") == std::string::npos;
  if (!known_domain || !is_host) return std::nullopt;
  return pattern(Kind::service, name);
}

std::optional<PrincipalPattern> read_federated(const std::string& text) {
  if (!text.starts_with("arn:")) {
    if (text.empty() || text.find_first_of("*? \t") != std::string::npos) return std::nullopt;
    return pattern(Kind::federated, text);
  }
  const auto arn = aws::Arn::parse(text);
  if (!arn || arn->service != "iam" || !is_twelve_digits(arn->account) ||
      !(arn->resource.starts_with("saml-provider/") ||
        arn->resource.starts_with("oidc-provider/"))) {
    return std::nullopt;
  }
  return pattern(Kind::federated, text);
}

std::optional<PrincipalPattern> read_principal(std::string_view type, const std::string& text) {
  if (type == "AWS") return read_aws(text);
  if (type == "Service") return read_service(text);
  if (type == "Federated") return read_federated(text);
  return std::nullopt;
}

tl::unexpected<PolicyError> invalid(std::string_view type, const JsonNode& at,
                                    const PolicyContext& context) {
  std::string upper(type);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  const std::string named = "\"" + upper + "\":\"" + at.text + "\"";
  std::string detail;
  if (type == "CanonicalUser") detail = "principals of type CanonicalUser are not evaluated";
  if (context.kind == PolicyKind::resource) {
    return tl::unexpected(
        make_error("Invalid principal in policy", at.position, detail.empty() ? named : detail));
  }
  return tl::unexpected(
      make_error("Invalid principal in policy: " + named, at.position, std::move(detail)));
}

}  // namespace

Parsed<std::vector<PrincipalPattern>> parse_principals(const JsonNode& node,
                                                       const PolicyContext& context) {
  std::vector<PrincipalPattern> out;
  if (node.kind == JsonNode::Kind::string) {
    if (node.text != "*") return invalid("AWS", node, context);
    out.push_back(located(pattern(Kind::anyone, "*"), node));
    return out;
  }
  if (node.kind != JsonNode::Kind::object) {
    return context.fail(PolicyFault::wrong_type, node, "Principal is neither \"*\" nor an object",
                        "Principal");
  }
  for (const auto& [type, values] : node.members) {
    IMDSD_TRY(const auto texts, strings_of(values, type, context));
    for (const JsonNode* text : texts) {
      auto principal = read_principal(type, text->text);
      if (!principal) return invalid(type, *text, context);
      out.push_back(located(*std::move(principal), *text));
    }
  }
  if (out.empty()) {
    return tl::unexpected(
        make_error("Missing required field Principal cannot be empty!", node.position));
  }
  return out;
}

}  // namespace imdsd::iam
