// SPDX-License-Identifier: MIT
#include "daemon/config_sts.h"

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "base/url.h"
#include "daemon/config_values.h"
#include "daemon/fetch_guard.h"
#include "sts/openid_configuration.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;

/// As the claim `iss` of tokens has it.
Result<std::string> issuer_url(const std::string& text) {
  IMDSD_TRY(const base::Url url, base::Url::parse(text));
  IMDSD_TRY_VOID(check_fetch_scheme(url));
  if (url.target.find('?') != std::string::npos) {
    return fail(Errc::invalid_argument, "URL `" + text + "`: an issuer has no query");
  }
  return text;
}

Result<std::vector<std::string>> issuer_urls(const ConfigNode& node) {
  std::vector<std::string> out;
  for (const auto& item : node.items) {
    IMDSD_TRY(auto url, issuer_url(item.string));
    out.push_back(std::move(url));
  }
  return out;
}

Result<std::vector<iam::Cidr>> address_ranges(const ConfigNode& node) {
  std::vector<iam::Cidr> out;
  for (const auto& item : node.items) {
    const auto range = iam::Cidr::parse(item.string);
    if (!range) {
      return fail(Errc::invalid_argument,
                  "must be address ranges such as \"10.0.0.0/8\"" + got(item.string));
    }
    out.push_back(*range);
  }
  return out;
}

/// The URL of an issuer as it is written, or as its discovery document has it.
std::string read_url(const ConfigSection& section, const ConfigContext& context) {
  std::string url;
  section.read("url", url, [](const ConfigNode& node) { return issuer_url(node.string); });
  const auto document = read_document(section, "discovery", false, context);
  if (!document) {
    if (!section.has("url")) section.add_problem("url", "is required, or discovery_file");
    return url;
  }
  const auto configuration = sts::OpenidConfiguration::parse(document->text);
  if (!configuration) {
    section.add_problem("discovery", configuration.error().message);
    return url;
  }
  const auto issuer = issuer_url(configuration->issuer);
  if (!issuer) section.add_problem("discovery", issuer.error().message);
  if (section.has("url") && url != configuration->issuer) {
    section.add_problem("discovery", "is of issuer `" + configuration->issuer + "`, not of url");
  }
  return configuration->issuer;
}

void read_issuer(const ConfigSection& section, const ConfigContext& context,
                 std::set<std::string>& seen, StsConfig& out) {
  OidcIssuerConfig issuer;
  issuer.url = read_url(section, context);
  if (!issuer.url.empty() && !seen.insert(issuer.url).second) {
    section.add_problem("url", "issuer `" + issuer.url + "` is there twice");
  }
  const auto document = read_document(section, "jwks", true, context);
  if (!document) return;
  const std::string key = document->in_own_file ? "jwks_file" : "jwks";
  auto keys = sts::JsonWebKeySet::parse(document->text);
  if (!keys) return section.add_problem(key, keys.error().message);
  for (const std::string& ignored : keys->ignored) {
    context.warnings.push_back({document->at, section.path_of(key), "ignored " + ignored});
  }
  if (keys->keys.empty()) return section.add_problem(key, "has no key that verifies signatures");
  issuer.keys = std::make_shared<const sts::JsonWebKeySet>(*std::move(keys));
  out.oidc_issuers.push_back(std::move(issuer));
}

}  // namespace

void read_sts(const ConfigSection& sts, const ConfigContext& context, StsConfig& out) {
  sts.read("oidc_fetch", out.oidc_fetch, issuer_urls);
  sts.read("oidc_private_ranges", out.oidc_private_ranges, address_ranges);
  const auto authorities = read_document(sts, "oidc_ca", false, context);
  if (authorities || !out.oidc_fetch.empty()) {
    auto trust = base::TlsTrust::system(authorities ? authorities->text : "");
    if (trust) {
      out.tls_trust = *std::move(trust);
    } else {
      sts.add_problem(sts.has("oidc_ca_file") ? "oidc_ca_file" : "oidc_ca", trust.error().message);
    }
  }
  std::set<std::string> seen;
  for (const auto& section : sts.sections("oidc_issuer")) {
    read_issuer(section, context, seen, out);
  }
}

}  // namespace imdsd::daemon
