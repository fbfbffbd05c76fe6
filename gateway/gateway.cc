// SPDX-License-Identifier: MIT
#include "gateway/gateway.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "aws/ids.h"
#include "aws/query_protocol.h"
#include "base/http_date.h"
#include "gateway/browser_guard.h"
#include "gateway/exchange.h"
#include "gateway/refuse_service.h"
#include "gateway/scope_hint.h"
#include "gateway/serve_ec2.h"
#include "gateway/serve_query.h"
#include "gateway/serve_s3.h"
#include "sts/web_identity_issuer.h"

namespace imdsd::gateway {
namespace {

/// A service: its name in credential scopes, the version of its API in Query calls, and who
/// answers.
struct ServiceRow {
  std::string_view name;
  std::string_view version;
  base::HttpResponse (*serve)(Exchange&);  // null: known by name, to say that it is not served
};

constexpr std::array kServices{
    ServiceRow{"sts", "2011-06-15", serve_sts},
    ServiceRow{"iam", "2010-05-08", serve_iam},
    ServiceRow{"ec2", "2016-11-15", serve_ec2},
    ServiceRow{"s3", "2006-03-01", serve_s3},
};

std::string service_of_unsigned(const base::HttpRequest& request) {
  const auto parameters = aws::query_parameters(request);
  const auto version = parameters ? parameters->get("Version") : std::nullopt;
  const auto found = std::find_if(kServices.begin(), kServices.end(), [&](const ServiceRow& row) {
    return version && row.version == *version;
  });
  return std::string(found == kServices.end() ? kServices.front().name : found->name);
}

base::HttpResponse dispatch(Exchange& exchange) {
  auto hint = scope_hint(exchange.http);
  if (hint) exchange.region = std::move(hint->region);
  // People keep such documents in buckets as well.
  const bool signed_for_s3 = hint && hint->service == "s3";
  auto document = signed_for_s3
                      ? std::nullopt
                      : sts::serve_issuer(exchange.http, exchange.authority, exchange.now);
  if (document) {
    exchange.record.service = "oidc";
    return *std::move(document);
  }
  std::string service;
  if (hint) {
    service = std::move(hint->service);
  } else if (is_for_s3(exchange.http, exchange.s3_domains)) {
    service = "s3";
  } else {
    service = service_of_unsigned(exchange.http);
  }
  const auto found = std::find_if(kServices.begin(), kServices.end(),
                                  [&](const ServiceRow& row) { return row.name == service; });
  if (found == kServices.end() || found->serve == nullptr) {
    return refuse_service(exchange, service);
  }
  return found->serve(exchange);
}

base::HttpResponse refuse(Exchange& exchange, const aws::ServiceError& error) {
  if (!is_for_s3(exchange.http, exchange.s3_domains)) {
    return query_error(exchange, error, aws::kStsNamespace);
  }
  exchange.record.service = "s3";
  return s3_error(exchange, {error.status, error.code, error.message.value_or("")});
}

}  // namespace

Gateway::Gateway(const base::Clock& clock, base::Random& random,
                 const base::SnapshotCell<sts::Authority>& authority,
                 const base::SnapshotCell<Settings>& settings, iam::DirectoryService& directory,
                 iam::UsageTracker& usage, ec2::InstanceControl& instances, s3::Service& s3,
                 AuditSink& audit)
    : clock_(clock),
      random_(random),
      authority_(authority),
      settings_(settings),
      directory_(directory),
      usage_(usage),
      instances_(instances),
      s3_(s3),
      mfa_throttle_(clock),
      audit_(audit) {}

Gateway::Effort Gateway::effort_of(const base::HttpRequest& request) const {
  constexpr std::string_view kCode = "TokenCode=";
  constexpr std::size_t kLongForm = 64 * 1024;
  // An event thread, which answers the metadata service as well, does not read it, nor hash it.
  if (request.body.size() > kLongForm) return Effort::waiting;
  const auto hint = scope_hint(request);
  if (hint && (hint->service == "iam" || hint->service == "ec2")) return Effort::waiting;
  const auto settings = settings_.load();
  if (hint ? hint->service == "s3" : is_for_s3(request, settings->s3_domains)) {
    const bool small = is_quick_for_s3(request, settings->s3_domains, s3_);
    return small ? Effort::small : Effort::waiting;
  }
  const bool has_code = request.body.find(kCode) != std::string::npos ||
                        request.query().find(kCode) != std::string_view::npos;
  return has_code ? Effort::waiting : Effort::computing;
}

bool Gateway::streams(const base::HttpRequest& head) const {
  return streams_to_s3(head, settings_.load()->s3_domains);
}

base::HttpResponse Gateway::handle(const base::HttpRequest& request) const {
  return answer(request, nullptr);
}

base::HttpResponse Gateway::handle_for(const iam::Caller& caller,
                                       const base::HttpRequest& request) const {
  return answer(request, &caller);
}

base::HttpResponse Gateway::answer(const base::HttpRequest& request,
                                   const iam::Caller* vouched) const {
  const auto authority = authority_.load();
  const auto settings = settings_.load();
  Exchange exchange{.http = request,
                    .authority = *authority,
                    .directory = directory_,
                    .usage = usage_,
                    .instances = instances_,
                    .reports = reports_,
                    .mfa_throttle = mfa_throttle_,
                    .s3 = s3_,
                    .s3_domains = settings->s3_domains,
                    .random = random_,
                    .now = clock_.now(),
                    .request_id = aws::make_uuid(random_)};
  exchange.vouched = vouched;
  exchange.record.time = exchange.now;
  exchange.record.request_id = exchange.request_id;
  if (const auto& peer = request.peer.address) exchange.record.source_ip = peer->ip.to_string();

  const auto refusal = vouched != nullptr ? std::nullopt
                                          : refuse_browsers(request, settings->allowed_hosts,
                                                            settings->s3_domains, authority->mode);
  base::HttpResponse response = refusal ? refuse(exchange, *refusal) : dispatch(exchange);
  if (exchange.record.service != "s3") {
    response.headers.add("x-amzn-RequestId", exchange.request_id);
  }
  // SDKs correct their own clock by this one.
  response.headers.add("Date", base::format_http_date(exchange.now));
  exchange.record.status = response.status;
  audit_.record(exchange.record);
  return response;
}

}  // namespace imdsd::gateway
