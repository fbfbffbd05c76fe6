// SPDX-License-Identifier: MIT
#include "iam/ensure_oidc_providers.h"

#include <set>
#include <string>
#include <utility>

#include "base/codec.h"
#include "iam/ensure_run.h"
#include "iam/entity_codec.h"

namespace imdsd::iam {
namespace {

OidcProvider as_it_was(const Declarations::DeclaredOidcProvider& declared,
                       std::string_view partition, const Transaction& transaction) {
  const auto before = transaction.directory().find<OidcProvider>(declared.account, declared.name);
  if (before) return *before;
  OidcProvider provider;
  provider.account = declared.account;
  provider.name = declared.name;
  provider.unique_id = arn_of(provider, partition);
  provider.origin = Origin::config;
  provider.created = transaction.now();
  return provider;
}

}  // namespace

std::vector<base::Error> ensure_oidc_providers(const Declarations& declarations,
                                               Transaction& transaction) {
  std::vector<base::Error> errors;
  std::set<std::string> seen;
  for (const auto& declared : declarations.oidc_providers) {
    const std::string label = "OIDC provider `" + declared.name + "`";
    if (!seen.insert(declared.account + "/" + base::to_lower(declared.name)).second) {
      errors.push_back({base::Errc::invalid_argument, label + ": declared twice"});
      continue;
    }
    const OidcProvider before = as_it_was(declared, declarations.partition, transaction);
    OidcProvider provider = before;
    provider.name = declared.name;
    if (declared.client_ids) provider.client_ids = *declared.client_ids;
    if (declared.thumbprints) provider.thumbprints = *declared.thumbprints;
    ensure_tags(declared.tags, provider.tags);
    const bool is_known =
        transaction.directory().find_by_id<OidcProvider>(provider.unique_id) != nullptr;
    const auto encode = [](const OidcProvider& entity) {
      return encode_entity(std::make_shared<const OidcProvider>(entity));
    };
    if (is_known && encode(before) == encode(provider)) continue;  // not written again
    transaction.put(std::move(provider));
  }
  return errors;
}

}  // namespace imdsd::iam
