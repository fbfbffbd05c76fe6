// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "iam/partitions.h"
#include "iam/policy_parser.h"

namespace imdsd::iam {
namespace {

constexpr std::array<std::string_view, 13> kIamPaths{
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
};

constexpr std::string_view kLegacy = "The policy failed legacy parsing";

std::vector<std::string_view> split_all(std::string_view text) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t colon = text.find(':');
    out.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return out;
    text.remove_prefix(colon + 1);
  }
}

/// `arn:b:c:d:e:f`, with `*` for what is not given: so IAM prints it.
std::string partition_error(const std::vector<std::string_view>& parts) {
  std::string arn = "arn:" + std::string(parts[1]);
  for (std::size_t i = 2; i < 6; ++i) {
    const bool given = i < parts.size() && !(i == 2 && parts.size() == 3 && parts[2].empty());
    arn += ":" + (given ? std::string(parts[i]) : "*");
  }
  for (std::size_t i = 6; i < parts.size(); ++i) arn += ":" + std::string(parts[i]);
  return "Partition \"" + std::string(parts[1]) + "\" is not valid for resource \"" + arn + "\".";
}

std::string iam_path_error() {
  std::string out = "IAM resource path must either be \"*\", root, or start with ";
  for (std::size_t i = 0; i < kIamPaths.size(); ++i) {
    out += std::string(i == 0 ? "" : ", ") + std::string(kIamPaths[i]);
  }
  return out + ".";
}

bool is_iam_path(std::string_view path) {
  return path.starts_with('*') || path == "root" ||
         std::any_of(kIamPaths.begin(), kIamPaths.end(),
                     [&](std::string_view start) { return path.starts_with(start); });
}

/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html: buckets
/// and objects have no region in their ARNs, but these have.
bool is_regional_in_s3(const std::vector<std::string_view>& parts) {
  constexpr std::array<std::string_view, 5> kRegional{"accesspoint/", "job/", "storage-lens/",
                                                      "storage-lens-group/", "access-grants/"};
  return parts.size() >= 6 &&
         std::any_of(kRegional.begin(), kRegional.end(),
                     [&](std::string_view start) { return parts[5].starts_with(start); });
}

/// The checks of IAM's validator for identity policies, in its order; empty when the text passes.
std::string resource_error(std::string_view text, bool stored) {
  if (text == "*") return "";
  const auto parts = split_all(text);
  if (parts.size() < 2) return "Resource " + std::string(text) + " must be in ARN format or \"*\".";
  if (parts[1] != "*" &&
      std::find(kPartitions.begin(), kPartitions.end(), parts[1]) == kPartitions.end()) {
    return partition_error(parts);
  }
  if (parts[0] != "arn") return std::string(kLegacy);
  if (parts.size() < 3) {
    return "Resource vendor must be fully qualified and cannot contain regexes.";
  }
  const std::string_view service = parts[2];
  if (service.empty()) return std::string(kLegacy);
  if (!stored && service.find_first_of("*?") != std::string_view::npos) {
    return "Resource vendor must be fully qualified and cannot contain regexes.";
  }
  const bool has_region = parts.size() > 3 && !parts[3].empty() && parts[3] != "*";
  if (service == "iam" && has_region) {
    return "IAM resource " + std::string(text) + " cannot contain region information.";
  }
  if (service == "s3" && has_region && !is_regional_in_s3(parts)) {
    return "Resource " + std::string(text) + " can not contain region information.";
  }
  // Fewer than six parts pass only when none of them is empty.
  if (parts.size() < 6 && text.find("::") != std::string_view::npos) return std::string(kLegacy);
  if (service == "iam" && parts.size() >= 6 && !is_iam_path(parts[5])) return iam_path_error();
  return "";
}

void warn_about_variables(const JsonNode& node, PolicyContext& context) {
  const std::string_view text = node.text;
  const std::size_t at = text.find("${");
  if (at == std::string_view::npos) return;
  if (!context.has_variables()) {
    context.warn(node, "`" + node.text +
                           "` names a policy variable, which only version 2012-10-17 has; it is "
                           "taken literally");
  } else if (std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), ':') < 5) {
    context.warn(node, "`" + node.text +
                           "` names a policy variable before the last part of the ARN, where it is "
                           "taken literally");
  }
}

Parsed<ResourcePattern> parse_resource(const JsonNode& node, PolicyContext& context) {
  const bool is_bucket_policy = context.kind == PolicyKind::resource;
  auto error = resource_error(node.text, context.stored);
  if (is_bucket_policy && !error.empty()) error = "Policy has invalid resource";
  if (!error.empty()) {
    return tl::unexpected(
        make_error(std::move(error), node.position, "resource `" + node.text + "`"));
  }
  auto pattern = ResourcePattern::compile(node.text, context.has_variables());
  if (!pattern) {
    return tl::unexpected(
        make_error(is_bucket_policy ? "Policy has invalid resource" : std::string(kLegacy),
                   node.position, std::move(pattern.error().message)));
  }
  warn_about_variables(node, context);
  return *std::move(pattern);
}

}  // namespace

Parsed<std::vector<ResourcePattern>> parse_resources(const JsonNode& node, std::string_view element,
                                                     PolicyContext& context) {
  IMDSD_TRY(const auto texts, strings_of(node, element, context));
  if (texts.empty()) {
    return context.fail(PolicyFault::missing_resource, node, std::string(element) + " is empty");
  }
  std::vector<ResourcePattern> out;
  FirstFault fault;
  for (const JsonNode* text : texts) {
    if (auto pattern = parse_resource(*text, context)) {
      out.push_back(*std::move(pattern));
    } else {
      fault.note(std::move(pattern).error());
    }
  }
  IMDSD_TRY_VOID(fault.result());
  return out;
}

}  // namespace imdsd::iam
