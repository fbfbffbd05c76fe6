// SPDX-License-Identifier: MIT
#include "iam/api/oidc_providers.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "iam/api/parameters.h"
#include "iam/api/provider_find.h"
#include "iam/api/shapes.h"
#include "iam/api/tagging.h"
#include "iam/names.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
constexpr std::size_t kMaxProviders = 100;
constexpr std::size_t kMaxClientIds = 100;
constexpr std::size_t kMaxThumbprints = 5;

Outcome<std::vector<std::string>> read_thumbprints(const Call& call) {
  auto thumbprints = read_strings(call.parameters, "ThumbprintList");
  if (thumbprints.size() > kMaxThumbprints) {
    return invalid_input("Thumbprint list must contain fewer than 5 entries.");
  }
  return thumbprints;
}

Outcome<void> check_client_ids(const std::vector<std::string>& ids) {
  if (ids.size() <= kMaxClientIds) return {};
  return quota_exceeded("ClientIdsPerOpenIdConnectProvider", kMaxClientIds);
}

void write_strings(base::XmlWriter& xml, std::string_view list,
                   const std::vector<std::string>& items) {
  xml.open(list);
  for (const std::string& item : items) xml.leaf("member", item);
  xml.close();
}

/// What the request says. A thumbprint that it does not have AWS fetches from the provider; nothing
/// is fetched here.
Outcome<OidcProvider> new_provider(const Call& call) {
  const std::string url = call.text("Url");
  if (!is_oidc_provider_url(url)) return validation_error("Invalid Open ID Connect Provider URL");
  auto thumbprints = read_thumbprints(call);
  if (!thumbprints) return tl::unexpected(std::move(thumbprints).error());
  auto tags = new_tags(call, kTagCase<OidcProvider>);
  if (!tags) return tl::unexpected(std::move(tags).error());
  OidcProvider provider;
  provider.client_ids = read_strings(call.parameters, "ClientIDList");
  if (auto few = check_client_ids(provider.client_ids); !few) {
    return tl::unexpected(std::move(few).error());
  }
  provider.account = call.account();
  provider.name = oidc_provider_name(url);
  provider.thumbprints = *std::move(thumbprints);
  provider.tags = *std::move(tags);
  provider.unique_id = call.arn(provider);
  return provider;
}

}  // namespace

Outcome<void> create_oidc_provider(Call& call) {
  auto provider = new_provider(call);
  if (!provider) return tl::unexpected(std::move(provider).error());
  auto written = call.write([&](Transaction& transaction) -> Outcome<void> {
    const auto& all = transaction.directory().all<OidcProvider>();
    if (all.find(provider->account, provider->name)) {
      return already_exists("Provider with url " + call.text("Url") + " already exists.");
    }
    if (all.count(provider->account) >= kMaxProviders) {
      return quota_exceeded("OpenIdConnectProvidersPerAccount", kMaxProviders);
    }
    provider->created = transaction.now();
    transaction.put(*provider);
    return {};
  });
  if (!written) return written;
  call.xml.leaf(kOidcArn, provider->unique_id);
  write_tags_of(call.xml, *provider, Detail::created);
  return {};
}

Outcome<void> get_oidc_provider(Call& call) {
  const auto provider = find_oidc_provider(call, *call.directory);
  if (!provider) return tl::unexpected(provider.error());
  call.xml.leaf("Url", (*provider)->name);
  write_strings(call.xml, "ClientIDList", (*provider)->client_ids);
  write_strings(call.xml, "ThumbprintList", (*provider)->thumbprints);
  call.xml.leaf("CreateDate", date((*provider)->created));
  write_tags_of(call.xml, **provider, Detail::full);
  return {};
}

Outcome<void> list_oidc_providers(Call& call) {
  call.xml.open("OpenIDConnectProviderList");
  call.directory->all<OidcProvider>().visit(call.account(), "", [&](const auto& provider) {
    call.xml.open("member").leaf("Arn", provider->unique_id).close();
    return true;
  });
  call.xml.close();
  return {};
}

/// The API reference has no error for a provider that is not there; AWS answers one, in words that
/// GetOpenIDConnectProvider does not use.
Outcome<void> delete_oidc_provider(Call& call) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    const auto provider = find_provider<OidcProvider>(call, transaction.directory(), kOidcArn);
    if (!provider) return tl::unexpected(provider.error());
    if (!*provider) {
      return no_such_entity("OpenId connect Provider " + call.text(kOidcArn) + " cannot be found.");
    }
    transaction.erase(*provider);
    return {};
  });
}

Outcome<void> update_oidc_thumbprint(Call& call) {
  return change_entity<OidcProvider>(call, find_oidc_provider,
                                     [&](OidcProvider& provider, Transaction&) -> Outcome<void> {
                                       auto thumbprints = read_thumbprints(call);
                                       if (!thumbprints)
                                         return tl::unexpected(std::move(thumbprints).error());
                                       provider.thumbprints = *std::move(thumbprints);
                                       return {};
                                     });
}

Outcome<void> add_oidc_client_id(Call& call) {
  return change_entity<OidcProvider>(
      call, find_oidc_provider, [&](OidcProvider& provider, Transaction&) -> Outcome<void> {
        const std::string id = call.text("ClientID");
        if (std::ranges::find(provider.client_ids, id) == provider.client_ids.end()) {
          provider.client_ids.push_back(id);
        }
        return check_client_ids(provider.client_ids);
      });
}

Outcome<void> remove_oidc_client_id(Call& call) {
  return change_entity<OidcProvider>(call, find_oidc_provider,
                                     [&](OidcProvider& provider, Transaction&) -> Outcome<void> {
                                       std::erase(provider.client_ids, call.text("ClientID"));
                                       return {};
                                     });
}

}  // namespace imdsd::iam::api
