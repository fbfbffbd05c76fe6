// SPDX-License-Identifier: MIT
#include "gateway/json_answer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <utility>

#include <nlohmann/json.hpp>

#include "aws/time_format.h"
#include "base/codec.h"

namespace imdsd::gateway {
namespace {

using nlohmann::json;
using namespace std::string_view_literals;

// Members of answers by their type in the models of STS and IAM; all others are text. Sorted.
constexpr std::array kDates{
    "CreateDate"sv,      "CreateTimestamp"sv,  "EnableDate"sv,        "Expiration"sv,
    "ExpirationDate"sv,  "ExpirationTime"sv,   "GeneratedTime"sv,     "JobCompletionDate"sv,
    "JobCreationDate"sv, "LastAccessedTime"sv, "LastAuthenticated"sv, "LastAuthenticatedTime"sv,
    "LastUsedDate"sv,    "PasswordLastUsed"sv, "Timestamp"sv,         "UpdateDate"sv,
    "UpdateTimestamp"sv, "UpdatedTime"sv,      "UploadDate"sv,        "ValidUntil"sv};
constexpr std::array kBooleans{"AllowUsersToChangePassword"sv,
                               "AllowedByOrganizations"sv,
                               "AllowedByPermissionsBoundary"sv,
                               "Enabled"sv,
                               "ExpirePasswords"sv,
                               "HardExpiry"sv,
                               "IsAttachable"sv,
                               "IsDefaultVersion"sv,
                               "IsTruncated"sv,
                               "JwtVendingEnabled"sv,
                               "PasswordResetRequired"sv,
                               "RequireLowercaseCharacters"sv,
                               "RequireNumbers"sv,
                               "RequireSymbols"sv,
                               "RequireUppercaseCharacters"sv};
constexpr std::array kIntegers{"AttachmentCount"sv,
                               "Column"sv,
                               "Line"sv,
                               "MaxPasswordAge"sv,
                               "MaxSessionDuration"sv,
                               "MinimumPasswordLength"sv,
                               "PackedPolicySize"sv,
                               "PasswordReusePrevention"sv,
                               "PermissionsBoundaryUsageCount"sv,
                               "SessionDuration"sv,
                               "SessionTokenSize"sv,
                               "SessionTokenUtilization"sv,
                               "TotalAuthenticatedEntities"sv};
// An empty element of these holds nothing; of any other, white space is its text.
constexpr std::array kLists{"AccessKeyMetadata"sv,
                            "AccountAliases"sv,
                            "AttachedManagedPolicies"sv,
                            "AttachedPolicies"sv,
                            "Certificates"sv,
                            "ClientIDList"sv,
                            "ContextKeyNames"sv,
                            "EnabledFeatures"sv,
                            "EntityDetailsList"sv,
                            "EvaluationResults"sv,
                            "GroupDetailList"sv,
                            "GroupList"sv,
                            "GroupPolicyList"sv,
                            "Groups"sv,
                            "InstanceProfileList"sv,
                            "InstanceProfiles"sv,
                            "MFADevices"sv,
                            "MatchedStatements"sv,
                            "MissingContextValues"sv,
                            "OpenIDConnectProviderList"sv,
                            "Policies"sv,
                            "PolicyGroups"sv,
                            "PolicyNames"sv,
                            "PolicyRoles"sv,
                            "PolicyUsers"sv,
                            "PolicyVersionList"sv,
                            "PrivateKeyList"sv,
                            "ResourceSpecificResults"sv,
                            "RoleDetailList"sv,
                            "RolePolicyList"sv,
                            "RoleUsageList"sv,
                            "Roles"sv,
                            "SAMLProviderList"sv,
                            "SSHPublicKeys"sv,
                            "ServerCertificateMetadataList"sv,
                            "ServiceSpecificCredentials"sv,
                            "Tags"sv,
                            "ThumbprintList"sv,
                            "UserDetailList"sv,
                            "UserPolicyList"sv,
                            "Users"sv,
                            "Versions"sv,
                            "VirtualMFADevices"sv};
constexpr std::string_view kMapOfIntegers = "SummaryMap";

static_assert(std::is_sorted(kDates.begin(), kDates.end()));
static_assert(std::is_sorted(kBooleans.begin(), kBooleans.end()));
static_assert(std::is_sorted(kIntegers.begin(), kIntegers.end()));
static_assert(std::is_sorted(kLists.begin(), kLists.end()));

template <std::size_t kSize>
bool is_in(const std::array<std::string_view, kSize>& names, std::string_view name) {
  return std::binary_search(names.begin(), names.end(), name);
}

std::string unescaped(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 6> kEntities{{{"&amp;", '&'},
                                                                        {"&lt;", '<'},
                                                                        {"&gt;", '>'},
                                                                        {"&quot;", '"'},
                                                                        {"&apos;", '\''},
                                                                        {"&#xD;", '\r'}}};
  std::string out;
  while (!text.empty()) {
    const auto entity = std::find_if(kEntities.begin(), kEntities.end(), [&](const auto& each) {
      return text.starts_with(each.first);
    });
    const bool found = entity != kEntities.end();
    out.push_back(found ? entity->second : text.front());
    text.remove_prefix(found ? entity->first.size() : 1);
  }
  return out;
}

json number(const std::string& text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && last == end ? json(value) : json(text);
}

json leaf(std::string_view name, std::string text) {
  if (is_in(kDates, name)) {
    if (const auto time = aws::parse_iso8601(text)) {
      return std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count();
    }
  }
  if (is_in(kBooleans, name)) return text == "true";
  if (is_in(kIntegers, name)) return number(text);
  return text;
}

/// Reads what base::XmlWriter writes, and nothing else: elements that hold elements, or text in
/// which there is no `<`.
class Reader {
 public:
  explicit Reader(std::string_view xml) : rest_(xml) {}

  struct Element {
    std::string_view name;
    json value;
  };

  Element element() {
    skip_blanks();
    take("<");
    std::string_view tag = until(">");
    const bool empty_leaf = tag.ends_with('/');
    if (empty_leaf) tag.remove_suffix(1);
    const std::string_view name = tag.substr(0, tag.find(' '));  // behind it: the namespace
    if (empty_leaf) return {name, leaf(name, "")};
    const std::size_t text_end = std::min(rest_.size(), rest_.find('<'));
    if (!rest_.substr(text_end).starts_with("</")) return {name, container(name)};
    std::string text = unescaped(rest_.substr(0, text_end));
    rest_.remove_prefix(text_end);
    close();
    if (is_in(kLists, name)) return {name, json::array()};
    if (name == "RoleLastUsed" || name.ends_with("Result")) return {name, json::object()};
    return {name, leaf(name, std::move(text))};
  }

 private:
  json container(std::string_view name) {
    json list = json::array();
    json members = json::object();
    for (skip_blanks(); !rest_.empty() && !rest_.starts_with("</"); skip_blanks()) {
      Element inner = element();
      if (inner.name == "member") {
        list.push_back(std::move(inner.value));
      } else if (inner.name == "entry") {
        std::string value = inner.value["value"].get<std::string>();
        members[inner.value["key"].get<std::string>()] =
            name == kMapOfIntegers ? number(value) : json(std::move(value));
      } else {
        members[std::string(inner.name)] = std::move(inner.value);
      }
    }
    close();
    return list.empty() ? std::move(members) : std::move(list);
  }

  void close() {
    take("</");
    until(">");
  }

  void take(std::string_view text) {
    assert(rest_.starts_with(text));
    rest_.remove_prefix(text.size());
  }

  std::string_view until(std::string_view end) {
    const std::size_t at = rest_.find(end);
    assert(at != std::string_view::npos);
    const std::string_view text = rest_.substr(0, at);
    rest_.remove_prefix(std::min(rest_.size(), text.size() + end.size()));
    return text;
  }

  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.size(), rest_.find_first_not_of(" \n")));
  }

  std::string_view rest_;
};

}  // namespace

bool wants_json(const base::HttpRequest& request) {
  bool json_named = false;
  for (std::string_view rest = request.headers.get("accept").value_or(""); !rest.empty();) {
    const std::string_view range = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), range.size() + 1));
    const std::string_view type = base::trim(range.substr(0, range.find(';')));
    if (base::to_lower(type).ends_with("xml")) return false;
    json_named = json_named || base::equals_ignoring_case(type, "application/json");
  }
  return json_named;
}

std::string json_of_answer(std::string_view xml) {
  Reader::Element root = Reader(xml).element();
  // An error comes without the name of its root.
  const bool is_error = root.name == "ErrorResponse";
  const json answer =
      is_error ? std::move(root.value) : json{{std::string(root.name), std::move(root.value)}};
  return answer.dump(-1, ' ', false, json::error_handler_t::replace);
}

base::HttpResponse as_accepted(const base::HttpRequest& request, base::HttpResponse response) {
  if (response.headers.get("content-type") == "text/xml" && wants_json(request)) {
    response.headers.set("Content-Type", "application/json");
    response.body = json_of_answer(response.body);
  }
  return response;
}

}  // namespace imdsd::gateway
