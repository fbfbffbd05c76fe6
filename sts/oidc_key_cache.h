// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "sts/oidc_key_source.h"

namespace imdsd::sts {

/// Fetches what an issuer publishes. Thread-safe; bounded in time.
class OidcFetcher {
 public:
  virtual ~OidcFetcher() = default;
  /// Errors as of OidcKeySource::find().
  [[nodiscard]] virtual base::Result<JsonWebKeySet> fetch(
      const std::string& issuer, const std::vector<std::string>& thumbprints) = 0;
};

/// Keys that were given, and keys that are fetched and kept for an hour: of listed issuers alone,
/// since whoever calls AssumeRoleWithWebIdentity names the issuer. One fetch an issuer at a time;
/// who asks meanwhile waits for it. An unknown key id makes it look again, which an issuer that
/// rotates its keys needs. A failure, and a key id that is still unknown then, count for 30 s.
class OidcKeyCache final : public OidcKeySource {
 public:
  struct Rules {
    std::map<std::string, std::shared_ptr<const JsonWebKeySet>> given;  // by issuer
    std::set<std::string> listed;                                       // issuers to fetch from
    /// Threads that may fetch or wait at the same time, so that some are left for other requests.
    std::size_t max_waiting = 2;
  };
  static constexpr std::chrono::hours kKept{1};
  static constexpr std::chrono::seconds kFailureKept{30};
  static constexpr std::size_t kMaxEntries = 200;  // issuers, by thumbprints

  /// `clock` and `fetcher` outlive it.
  OidcKeyCache(const base::Clock& clock, OidcFetcher& fetcher, Rules rules);

  [[nodiscard]] base::Result<std::shared_ptr<const JsonWebKeySet>> find(
      const Request& request) override;

 private:
  using Keys = std::shared_ptr<const JsonWebKeySet>;
  struct Entry {
    Keys keys;  // null until a fetch succeeds
    base::SteadyTime fetched{};
    std::optional<base::Error> failure;  // of the last fetch
    base::SteadyTime no_fetch_until{};
  };
  /// What a provider with other thumbprints believed is not believed for this one.
  using EntryKey = std::pair<std::string, std::vector<std::string>>;

  class Flight;

  /// The answer if it is known without a fetch.
  [[nodiscard]] std::optional<base::Result<Keys>> known(const Entry& entry,
                                                        const Request& request) const;
  [[nodiscard]] base::Result<Keys> fetch(const Request& request, const EntryKey& key,
                                         std::unique_lock<std::mutex>& lock);
  void make_room();

  const base::Clock& clock_;
  OidcFetcher& fetcher_;
  const Rules rules_;
  std::mutex mutex_;
  std::condition_variable fetched_;
  std::map<EntryKey, Entry> entries_;
  std::set<std::string> in_flight_;  // issuers
  std::size_t waiting_ = 0;
};

}  // namespace imdsd::sts
