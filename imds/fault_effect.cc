// SPDX-License-Identifier: MIT
#include "imds/fault_effect.h"

#include <memory>
#include <utility>

#include "base/http_date.h"
#include "imds/document_times.h"
#include "imds/role_documents.h"

namespace imdsd::imds {
namespace {

/// Credentials that ended kFaultExpiredAgo; anything else stays.
std::string expire(std::string document, base::SystemTime now) {
  const auto expiration = document_expiration(document);
  if (!expiration) return document;
  const auto offset =
      std::chrono::floor<std::chrono::seconds>(now - kFaultExpiredAgo - *expiration);
  return shift_document_times(std::move(document), offset);
}

}  // namespace

InstanceSnapshot troubled(const InstanceSnapshot& snapshot, const Fault& fault,
                          base::SystemTime now) {
  const FaultEffect& effect = fault.rule().effect;
  InstanceSnapshot seen = snapshot;
  if (effect.http_endpoint_disabled) seen.options.http_endpoint_enabled = false;
  if (effect.http_tokens_required) seen.options.http_tokens = HttpTokens::required;
  if (effect.hop_limit) seen.options.hop_limit = *effect.hop_limit;
  if (effect.role_missing) seen.role = nullptr;
  if (effect.credentials_stale) seen.role = fault.hold(snapshot.role);
  if (!effect.code.empty() && seen.role) {
    seen.role = std::make_shared<const RoleDocuments>(
        with_failure(*seen.role, effect.code, effect.message, now));
  }
  return seen;
}

void spoil(base::HttpResponse& response, const FaultEffect& effect, base::SystemTime now) {
  if (effect.body) response.body = *effect.body;
  if (!effect.content_type.empty()) response.headers.set("Content-Type", effect.content_type);
  if (effect.credentials_expired) response.body = expire(std::move(response.body), now);
  if (effect.clock_skew.count() != 0) {
    response.body = shift_document_times(std::move(response.body), effect.clock_skew);
    response.headers.set("Date", base::format_http_date(now + effect.clock_skew));
  }
  if (effect.truncate) response.body.resize(effect.truncate->of(response.body.size()));
  if (effect.cut) response.orders.truncate_after = effect.cut->of(response.body.size());
  response.orders.reset = effect.reset;
  response.orders.hang = effect.hang;
}

}  // namespace imdsd::imds
