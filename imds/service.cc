// SPDX-License-Identifier: MIT
#include "imds/service.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "base/codec.h"
#include "base/log.h"
#include "imds/api_versions.h"
#include "imds/error_page.h"
#include "imds/fault.h"
#include "imds/fault_effect.h"
#include "imds/guards.h"
#include "imds/path.h"

namespace imdsd::imds {
namespace {

using base::HttpRequest;
using base::HttpResponse;
using std::chrono::seconds;

// As the real service writes it; Go, Rust and Kotlin clients refuse a token that comes without it.
constexpr const char* kTokenTtlResponseHeader = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds";
constexpr std::string_view kTokenPath = "api/token";
constexpr std::optional<int> kServiceUnavailable = 503;

/// One request on its way to an answer.
struct Exchange {
  const HttpRequest& request;
  const Instance& instance;
  const InstanceSnapshot& snapshot;
  RequestHeaders headers;
  base::SystemTime now;
  base::SteadyTime monotonic;
  std::optional<seconds> token_left;  // of a valid token
  PathFamily family = PathFamily::other;
  std::string_view access_key_id = {};                 // of the credentials in the answer,
  std::shared_ptr<const void> credentials_owner = {};  // which this keeps alive if need be

  [[nodiscard]] bool is_read() const { return request.method == "GET" || request.method == "HEAD"; }
};

HttpResponse answer(int status, const char* content_type, std::string body = {}) {
  HttpResponse response;
  response.status = status;
  response.headers.reserve(8);  // with those that sending adds
  response.headers.add("Content-Type", content_type);
  response.body = std::move(body);
  return response;
}

HttpResponse error(int status) {
  return answer(status, "text/html", error_page(status));
}

/// Always the same, so that an expired token looks like a forged one.
HttpResponse unauthorized() {
  return answer(401, kTextPlain);
}

HttpResponse method_not_allowed(const char* allow) {
  HttpResponse response = answer(405, kTextPlain);
  response.headers.add("Allow", allow);
  return response;
}

HttpResponse found(MetadataValue value) {
  HttpResponse response = answer(200, kTextPlain, std::move(value.body));
  if (value.content_type != kTextPlain) {
    response.headers.set("Content-Type", std::string(value.content_type));
  }
  response.headers.add("Accept-Ranges", "none");
  response.headers.add("Last-Modified", std::string(value.last_modified));
  return response;
}

/// A client that has just renewed a refused token may send the old one beside the new one, so any
/// valid line will do; of several the longest life counts.
std::optional<seconds> valid_token(const Exchange& x) {
  std::optional<seconds> left;
  if (x.headers.token_lines == 0) return left;
  for (const base::HttpHeader& line : x.request.headers.lines()) {
    if (line.name.size() != kTokenHeader.size() ||
        !base::equals_ignoring_case(line.name, kTokenHeader)) {
      continue;
    }
    if (const auto r = x.instance.tokens.remaining(line.value, x.monotonic)) {
      left = std::max(left.value_or(*r), *r);
    }
  }
  return left;
}

std::optional<seconds> parse_ttl(const RequestHeaders& headers) {
  if (headers.token_ttl_lines != 1) return std::nullopt;
  const std::string_view text = headers.token_ttl;
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seconds(value);
}

HttpResponse issue_token(const Exchange& x) {
  const auto ttl = parse_ttl(x.headers);
  if (!ttl) return error(400);
  const auto token = x.instance.tokens.issue(*ttl, x.monotonic);
  if (!token) return error(400);
  HttpResponse response = answer(200, kTextPlain, std::string(token->reveal()));
  response.headers.add(kTokenTtlResponseHeader, std::to_string(ttl->count()));
  return response;
}

HttpResponse token_endpoint(const Exchange& x, bool dated) {
  constexpr const char* kAllow = "OPTIONS, PUT";
  if (x.request.method == "PUT") return dated ? error(403) : issue_token(x);
  if (dated) return error(404);
  if (x.request.method != "OPTIONS") return method_not_allowed(kAllow);
  HttpResponse response = answer(200, kTextPlain);
  response.headers.add("Allow", kAllow);
  return response;
}

HttpResponse list_versions(const Exchange& x) {
  std::string listing;
  for (const std::string_view version : kDatedVersions) listing.append(version).push_back('\n');
  listing += kLatest;
  return found({std::move(listing), kTextPlain, x.snapshot.tree->last_modified()});
}

HttpResponse read_tree(Exchange& x, std::string_view version, std::string_view path) {
  const Delivery delivery = x.token_left ? Delivery::imdsv2 : Delivery::imdsv1;
  auto value = x.snapshot.tree->read(path, {x.snapshot, delivery, x.now, version});
  if (!value) return error(404);
  x.access_key_id = value->access_key_id;
  x.credentials_owner = value->owner;
  return value->unavailable ? error(503) : found(*std::move(value));
}

/// What EC2 sends with this status, whatever was asked for.
HttpResponse status_alone(int status) {
  constexpr int kUnauthorized = 401, kFirstError = 400;
  if (status == kUnauthorized) return unauthorized();
  return status < kFirstError ? answer(status, kTextPlain) : error(status);
}

/// Guards, path, method, token, tree: in this order.
HttpResponse route(Exchange& x) {
  if (const auto reason = refusal(x.request, x.headers, x.snapshot.options)) {
    base::log_debug("metadata request refused", {{"reason", *reason}});
    return error(403);
  }
  std::string storage;
  const auto path = canonical_path(x.request.path(), storage);
  if (!path) return error(400);
  std::string_view rest = *path;
  const std::string_view version = take_segment(rest);
  const bool known = version == kLatest ||
                     std::find(std::begin(kDatedVersions), std::end(kDatedVersions), version) !=
                         std::end(kDatedVersions);
  if (known || version.empty()) x.family = path_family(rest);
  if (known && rest == kTokenPath) return token_endpoint(x, version != kLatest);
  if (!x.is_read()) return method_not_allowed("GET, HEAD");

  const bool required = x.snapshot.options.http_tokens == HttpTokens::required;
  if (!x.token_left && (required || x.headers.is_v2())) return unauthorized();
  if (version.empty()) return list_versions(x);
  return known ? read_tree(x, version, rest) : error(404);
}

/// What every answer carries.
void finish(const Exchange& x, HttpResponse& response) {
  response.headers.add("Server", Service::kServerHeader);
  if (x.token_left && !response.headers.has(kTokenTtlResponseHeader)) {
    response.headers.add(kTokenTtlResponseHeader, std::to_string(x.token_left->count()));
  }
  // HttpPutResponseHopLimit is about the answers to PUT, whatever they say.
  if (x.request.method == "PUT") response.orders.hop_limit = x.snapshot.options.hop_limit;
}

/// For the metrics. What version 1 is, CloudWatch says
/// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html).
/// `ordered`: the status is a fault's, and says nothing of tokens.
void count(const Exchange& x, int status, bool ordered) {
  using Token = RequestCounters::Token;
  RequestCounters& counters = *x.instance.observers.counters;
  counters.count(x.family, status);
  if (ordered) return;
  if (!x.is_read()) {
    if (x.family == PathFamily::token && x.request.method == "PUT" && status == 200) {
      counters.count(Token::issued);
    }
  } else if (status == 401) {
    counters.count(x.headers.is_v2() ? Token::refused : Token::none_and_needed);
  } else if (status == 200 && !x.token_left) {
    counters.count(Token::none);
  }
}

void tell_delivery(const Exchange& x) {
  DeliverySink* const deliveries = x.instance.observers.deliveries;
  if (deliveries == nullptr || x.access_key_id.empty() || x.request.method != "GET") return;
  deliveries->record({.time = x.now,
                      .instance_id = x.instance.id,
                      .door = x.token_left ? "imdsv2" : "imdsv1",
                      .access_key_id = x.access_key_id,
                      .request = x.request});
}

}  // namespace

Instance::Instance(std::string instance_id, base::Random& random, InstanceObservers who)
    : observers(std::move(who)), tokens(instance_id, random), id(std::move(instance_id)) {}

HttpResponse Service::refuse() {
  HttpResponse response = error(403);
  response.headers.add("Server", kServerHeader);
  return response;
}

HttpResponse Service::handle(const HttpRequest& request) const {
  const std::shared_ptr<const InstanceSnapshot> snapshot = instance_.snapshot.load();
  if (snapshot == nullptr || snapshot->tree == nullptr) {
    HttpResponse response = error(503);  // nothing published yet
    response.headers.add("Server", kServerHeader);
    return response;
  }
  snapshot->prefetch();
  if (snapshot->faults != nullptr) return handle_with_faults(request, *snapshot);
  return answer_from(request, *snapshot, nullptr);
}

HttpResponse Service::handle_with_faults(const HttpRequest& request,
                                         const InstanceSnapshot& snapshot) const {
  std::string storage;
  std::string_view path = canonical_path(request.path(), storage).value_or(std::string_view());
  [[maybe_unused]] const std::string_view version = take_segment(path);
  const FaultVerdict verdict =
      snapshot.faults->consult(FaultDoor::imds, path, request, clock_.monotonic());
  HttpResponse response;
  if (verdict.decisive == nullptr) {
    response = answer_from(request, snapshot, nullptr);
  } else {
    const Fault& fault = *verdict.decisive;
    base::log_debug("metadata request struck", {{"fault", fault.id()}, {"path", path}});
    response = answer_from(request, troubled(snapshot, fault, clock_.now()), &fault.rule().effect);
  }
  if (verdict.decisive != nullptr || verdict.delay.count() > 0) {
    instance_.observers.counters->count_struck();
  }
  response.orders.delay = verdict.delay;
  return response;
}

HttpResponse Service::answer_from(const HttpRequest& request, const InstanceSnapshot& snapshot,
                                  const FaultEffect* effect) const {
  Exchange exchange{.request = request,
                    .instance = instance_,
                    .snapshot = snapshot,
                    .headers = RequestHeaders::of(request.headers),
                    .now = clock_.now(),
                    .monotonic = clock_.monotonic(),
                    .token_left = std::nullopt};
  snapshot.tree->prefetch();  // the pages it is on come while the token is checked
  exchange.token_left = valid_token(exchange);
  // Nothing is made, credentials least of all, that nobody gets.
  const bool silent = effect != nullptr && (effect->reset || effect->hang);
  const auto status = silent ? kServiceUnavailable : effect ? effect->status : std::nullopt;
  HttpResponse response = status ? status_alone(*status) : route(exchange);
  finish(exchange, response);
  if (effect != nullptr) {
    spoil(response, *effect, exchange.now);
    if (effect->body) exchange.access_key_id = {};
  }
  count(exchange, silent ? 0 : response.status, status.has_value());
  tell_delivery(exchange);
  return response;
}

}  // namespace imdsd::imds
