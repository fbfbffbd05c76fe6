// SPDX-License-Identifier: MIT
#include "sts/oidc_key_cache.h"

#include <algorithm>
#include <utility>

namespace imdsd::sts {

using base::Errc;
using base::fail;
using base::Result;

/// A fetch while it lasts, without the lock. However it ends, it is over: one that threw and was
/// still counted would end all fetching from its issuer.
class OidcKeyCache::Flight {
 public:
  Flight(OidcKeyCache& cache, const std::string& issuer, std::unique_lock<std::mutex>& lock)
      : cache_(cache), lock_(lock), issuer_(cache.in_flight_.insert(issuer).first) {
    ++cache_.waiting_;
    lock_.unlock();
  }
  ~Flight() {
    lock_.lock();
    --cache_.waiting_;
    cache_.in_flight_.erase(issuer_);
    cache_.fetched_.notify_all();
  }
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

 private:
  OidcKeyCache& cache_;
  std::unique_lock<std::mutex>& lock_;
  const std::set<std::string>::iterator issuer_;
};

OidcKeyCache::OidcKeyCache(const base::Clock& clock, OidcFetcher& fetcher, Rules rules)
    : clock_(clock), fetcher_(fetcher), rules_(std::move(rules)) {}

Result<OidcKeyCache::Keys> OidcKeyCache::find(const Request& request) {
  if (const auto given = rules_.given.find(request.issuer); given != rules_.given.end()) {
    return given->second;
  }
  if (rules_.listed.count(request.issuer) == 0) {
    return fail(Errc::not_found, "issuer `" + request.issuer +
                                     "` is not listed in sts.oidc_fetch, and no sts.oidc_issuer "
                                     "gives its keys");
  }
  EntryKey key{request.issuer, request.thumbprints};
  std::sort(key.second.begin(), key.second.end());
  std::unique_lock lock(mutex_);
  while (true) {
    const auto entry = entries_.find(key);
    if (entry != entries_.end()) {
      if (auto answer = known(entry->second, request)) return *std::move(answer);
    }
    if (waiting_ >= rules_.max_waiting) {
      return fail(Errc::unavailable,
                  "issuer `" + request.issuer + "`: too many requests wait for keys of issuers");
    }
    if (in_flight_.count(request.issuer) == 0) return fetch(request, key, lock);
    ++waiting_;
    fetched_.wait(lock);
    --waiting_;
  }
}

std::optional<Result<OidcKeyCache::Keys>> OidcKeyCache::known(const Entry& entry,
                                                              const Request& request) const {
  const base::SteadyTime now = clock_.monotonic();
  const bool fresh = entry.keys && now < entry.fetched + kKept;
  if (fresh && (request.key_id.empty() || entry.keys->has(request.key_id))) return entry.keys;
  if (now >= entry.no_fetch_until) return std::nullopt;
  if (entry.failure) return tl::unexpected(*entry.failure);
  if (fresh) return entry.keys;
  return std::nullopt;
}

Result<OidcKeyCache::Keys> OidcKeyCache::fetch(const Request& request, const EntryKey& key,
                                               std::unique_lock<std::mutex>& lock) {
  auto keys = [&] {
    const Flight flight(*this, request.issuer, lock);
    return fetcher_.fetch(request.issuer, request.thumbprints);
  }();
  const base::SteadyTime now = clock_.monotonic();
  make_room();
  Entry& entry = entries_[key];
  if (!keys) {
    entry.failure = keys.error();
    entry.no_fetch_until = now + kFailureKept;
    return tl::unexpected(std::move(keys).error());
  }
  entry.keys = std::make_shared<const JsonWebKeySet>(*std::move(keys));
  entry.fetched = now;
  entry.failure.reset();
  const bool has_it = request.key_id.empty() || entry.keys->has(request.key_id);
  entry.no_fetch_until = has_it ? now : now + kFailureKept;
  return entry.keys;
}

/// The entry that was fetched first goes.
void OidcKeyCache::make_room() {
  if (entries_.size() < kMaxEntries) return;
  entries_.erase(std::min_element(
      entries_.begin(), entries_.end(),
      [](const auto& a, const auto& b) { return a.second.fetched < b.second.fetched; }));
}

}  // namespace imdsd::sts
