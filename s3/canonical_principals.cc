// SPDX-License-Identifier: MIT
#include "s3/canonical_principals.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "iam/json_document.h"
#include "iam/json_writer.h"
#include "s3/answers.h"

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;
using iam::JsonNode;

constexpr std::string_view kCanonicalUser = "CanonicalUser";

/// By canonical user id, the ARNs of their root users, which stand for accounts in policies.
using Accounts = std::map<std::string, std::string, std::less<>>;

Accounts accounts_of(const iam::Directory& directory, std::string_view partition) {
  std::set<std::string> ids;
  const auto add = [&ids](const auto& entity) {
    ids.insert(entity->account);
    return true;
  };
  directory.all<iam::User>().visit_all(add);
  directory.all<iam::Role>().visit_all(add);
  Accounts accounts;
  for (const std::string& id : ids) {
    accounts.emplace(canonical_user_id(id),
                     "arn:" + std::string(partition) + ":iam::" + id + ":root");
  }
  return accounts;
}

std::vector<std::string> texts_of(const JsonNode& node) {
  if (node.kind == JsonNode::Kind::string) return {node.text};
  std::vector<std::string> out;
  for (const JsonNode& item : node.items) out.push_back(item.text);
  return out;
}

/// `principal` with the ARNs among those of AWS. Other members keep their place.
S3Outcome<std::string> rewritten(const JsonNode& principal, const Accounts& accounts) {
  std::vector<std::string> named;
  if (const JsonNode* const aws = principal.find("AWS")) named = texts_of(*aws);
  for (const std::string& id : texts_of(*principal.find(kCanonicalUser))) {
    const auto account = accounts.find(id);
    if (account == accounts.end()) {
      return tl::unexpected(aws::S3Error{400, "MalformedPolicy", "Invalid principal in policy"});
    }
    named.push_back(account->second);
  }
  iam::JsonWriter json;
  json.begin_object().name("AWS");
  if (named.size() == 1) {
    json.value(named.front());
  } else {
    json.begin_list();
    for (const std::string& one : named) json.value(one);
    json.end_list();
  }
  for (const auto& [type, values] : principal.members) {
    if (type == "AWS" || type == kCanonicalUser) continue;
    json.name(type).begin_list();
    for (const std::string& one : texts_of(values)) json.value(one);
    json.end_list();
  }
  return json.end_object().take();
}

/// Those that name a canonical user, in the order of the text.
std::vector<const JsonNode*> canonical_principals(const JsonNode& policy) {
  std::vector<const JsonNode*> out;
  const auto look = [&out](const JsonNode& statement) {
    for (const auto& [name, value] : statement.members) {
      const bool is_principal = name == "Principal" || name == "NotPrincipal";
      if (is_principal && value.find(kCanonicalUser) != nullptr) out.push_back(&value);
    }
  };
  const JsonNode* const statements = policy.find("Statement");
  if (statements == nullptr) return out;
  look(*statements);  // one may stand without a list
  for (const JsonNode& statement : statements->items) look(statement);
  return out;
}

}  // namespace

S3Outcome<std::string> with_accounts_named(std::string_view policy, const iam::Directory& directory,
                                           std::string_view partition) {
  std::string out(policy);
  if (policy.find(kCanonicalUser) == std::string_view::npos) return out;
  const auto root = iam::parse_json(policy);
  if (!root) return out;
  const Accounts accounts = accounts_of(directory, partition);
  const auto found = canonical_principals(*root);
  // From the end, so that the places in front of one stay where they are.
  for (auto at = found.rbegin(); at != found.rend(); ++at) {
    IMDSD_TRY(const std::string text, rewritten(**at, accounts));
    out.replace((*at)->offset, (*at)->size, text);
  }
  return out;
}

}  // namespace imdsd::s3
