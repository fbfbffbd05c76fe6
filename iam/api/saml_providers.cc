// SPDX-License-Identifier: MIT
#include "iam/api/saml_providers.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "base/codec.h"
#include "iam/api/provider_find.h"
#include "iam/api/shapes.h"
#include "iam/api/tagging.h"
#include "saml/metadata.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

constexpr std::size_t kMaxProviders = 100;
/// For metadata without an end of their own.
constexpr std::chrono::days kLongestValidity{36'500};

/// Sets the document of the request and what follows from it.
Outcome<void> set_metadata(const Call& call, base::SystemTime now, SamlProvider& provider) {
  provider.metadata = call.text("SAMLMetadataDocument");
  auto metadata = saml::parse_metadata(provider.metadata);
  if (!metadata) return invalid_input("Could not parse metadata");
  provider.valid_until = metadata->valid_until.value_or(now + kLongestValidity);
  provider.parsed_metadata = std::make_shared<const saml::Metadata>(*std::move(metadata));
  return {};
}

/// Assertions cannot be decrypted here; a provider that asks for it must not seem to work.
Outcome<void> refuse_encryption(const Call& call) {
  for (const char* parameter : {"AssertionEncryptionMode", "AddPrivateKey", "RemovePrivateKey"}) {
    if (call.has(parameter)) {
      return invalid_input("Encrypted SAML assertions are not supported: " +
                           std::string(parameter));
    }
  }
  return {};
}

/// [A-Z0-9]{24}, as the model has it.
std::string make_provider_uuid(base::Random& random) {
  std::array<std::byte, 15> bytes{};
  random.fill(bytes);
  return base::base32_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

Outcome<void> create_saml_provider(Call& call) {
  if (auto plain = refuse_encryption(call); !plain) return plain;
  SamlProvider provider;
  provider.account = call.account();
  provider.name = call.text("Name");
  provider.unique_id = call.arn(provider);
  if (auto set = set_metadata(call, call.context.now, provider); !set) return set;
  auto tags = new_tags(call, kTagCase<SamlProvider>);
  if (!tags) return tl::unexpected(std::move(tags).error());
  provider.tags = *std::move(tags);
  auto written = call.write([&](Transaction& transaction) -> Outcome<void> {
    const auto& all = transaction.directory().all<SamlProvider>();
    if (all.find(provider.account, provider.name)) {
      return already_exists("SAML provider with name " + provider.name + " already exists.");
    }
    if (all.count(provider.account) >= kMaxProviders) {
      return quota_exceeded("SAMLProvidersPerAccount", kMaxProviders);
    }
    provider.uuid = make_provider_uuid(transaction.random());
    provider.created = transaction.now();
    transaction.put(provider);
    return {};
  });
  if (!written) return written;
  call.xml.leaf(kSamlArn, provider.unique_id);
  write_tags_of(call.xml, provider, Detail::created);
  return {};
}

Outcome<void> get_saml_provider(Call& call) {
  const auto provider = find_saml_provider(call, *call.directory);
  if (!provider) return tl::unexpected(provider.error());
  call.xml.leaf("SAMLProviderUUID", (*provider)->uuid)
      .leaf("SAMLMetadataDocument", (*provider)->metadata)
      .leaf("CreateDate", date((*provider)->created))
      .leaf("ValidUntil", date((*provider)->valid_until))
      // What AWS says of a provider that nobody set a key for.
      .leaf("AssertionEncryptionMode", "Allowed")
      .open("PrivateKeyList")
      .close();
  write_tags_of(call.xml, **provider, Detail::full);
  return {};
}

Outcome<void> list_saml_providers(Call& call) {
  call.xml.open("SAMLProviderList");
  call.directory->all<SamlProvider>().visit(call.account(), "", [&](const auto& provider) {
    call.xml.open("member")
        .leaf("Arn", provider->unique_id)
        .leaf("ValidUntil", date(provider->valid_until))
        .leaf("CreateDate", date(provider->created))
        .close();
    return true;
  });
  call.xml.close();
  return {};
}

Outcome<void> update_saml_provider(Call& call) {
  if (auto plain = refuse_encryption(call); !plain) return plain;
  auto written = change_entity<SamlProvider>(
      call, find_saml_provider, [&](SamlProvider& provider, Transaction&) -> Outcome<void> {
        if (!call.has("SAMLMetadataDocument")) return {};
        return set_metadata(call, call.context.now, provider);
      });
  if (written) call.xml.leaf(kSamlArn, call.text(kSamlArn));
  return written;
}

Outcome<void> delete_saml_provider(Call& call) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    const auto provider = find_saml_provider(call, transaction.directory());
    if (!provider) return tl::unexpected(provider.error());
    transaction.erase(*provider);
    return {};
  });
}

}  // namespace imdsd::iam::api
