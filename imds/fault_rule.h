// SPDX-License-Identifier: MIT
// Trouble on command, as it is asked for: which requests, how often, and what happens to them.
// docs/faults.md is the contract.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http_message.h"
#include "base/ip_network.h"
#include "base/result.h"
#include "base/star_pattern.h"

namespace imdsd::imds {

inline constexpr std::chrono::milliseconds kMaxFaultDelay{std::chrono::minutes(5)};
inline constexpr std::size_t kMaxFaultBody = 16 * 1024;
inline constexpr std::size_t kMaxFaultPattern = 1024;

/// What a client has asked: the metadata service, or what stands in for the agents of ECS and EKS.
enum class FaultDoor { imds, ecs, eks };

/// "imds", "ecs", "eks".
[[nodiscard]] std::string_view to_string(FaultDoor door);

/// The requests that a rule is about: those that all of it fits.
struct FaultMatch {
  FaultDoor door = FaultDoor::imds;
  /// Of the canonical path without the version: "meta-data/iam/*"; of the doors for containers, of
  /// the path without its first slash: "v2/credentials/*".
  base::StarPattern path;
  std::string method;  // empty: any
  std::optional<base::IpNetwork> peer;
  std::optional<base::StarPattern> user_agent;  // of the header's value; absent is empty

  /// `asked` is a path as the pattern has it; see path.h for canonical ones.
  [[nodiscard]] bool fits(FaultDoor at, std::string_view asked,
                          const base::HttpRequest& request) const;
};

/// Which of the requests that fit are struck, and when the rule is over. All of it holds at once.
struct FaultLimit {
  std::optional<std::chrono::milliseconds> duration;  // from when the rule was made
  std::optional<std::uint64_t> count;                 // struck requests, exactly
  std::uint64_t skip = 0;                             // requests that pass before the first
  double probability = 1;                             // above 0
  std::optional<std::uint64_t> seed;                  // the same draws in each run
  /// In each `cycle` the first `cycle_on`; zero: always.
  std::chrono::milliseconds cycle_on{0}, cycle{0};
  /// A token bucket: requests that find a token pass, the others are struck. Zero: none.
  std::chrono::nanoseconds rate_interval{0};  // between two tokens
  std::uint64_t burst = 1;                    // tokens that it holds
};

/// How long the first byte of an answer is held back.
struct FaultLatency {
  enum class Kind {
    fixed,    // `high`
    uniform,  // between `low` and `high`
    tail,     // exponentially distributed; `percentile` of all answers take at most `high`
  } kind = Kind::fixed;
  std::chrono::milliseconds low{0}, high{0};
  double percentile = 0;  // 0..1, both excluded

  /// `uniform01` in [0, 1). At most kMaxFaultDelay.
  [[nodiscard]] std::chrono::milliseconds draw(double uniform01) const;
  [[nodiscard]] bool is_random() const noexcept { return kind != Kind::fixed; }
};

/// A part of a body, in bytes or in hundredths.
struct FaultPortion {
  std::size_t amount = 0;
  bool percent = false;
  [[nodiscard]] std::size_t of(std::size_t size) const noexcept;
};

/// What happens to a struck request. What is empty leaves that part as it would have been.
struct FaultEffect {
  std::optional<FaultLatency> latency;

  // Instead of an answer.
  bool reset = false;  // the connection, by RST
  bool hang = false;   // no answer, the connection stays

  // Of the answer. With a status, the request is not even looked at.
  std::optional<int> status;
  std::optional<std::string> body;
  std::string content_type;
  std::optional<FaultPortion> truncate;  // a shorter body, and a Content-Length that agrees
  std::optional<FaultPortion> cut;       // the connection ends there, short of Content-Length

  // Of the instance that the request sees.
  bool http_endpoint_disabled = false;
  bool http_tokens_required = false;
  std::optional<int> hop_limit;
  bool role_missing = false;
  bool credentials_expired = false;  // the documents say so; the keys are those of before
  bool credentials_stale = false;    // the set of when the rule was made, beyond its end
  std::string code, message;         // of the credential document; empty: not changed
  std::chrono::seconds clock_skew{0};

  /// More than a delay: of several such rules only the first strikes a request.
  [[nodiscard]] bool decides() const noexcept;
};

using FaultFields = std::vector<std::pair<std::string, std::string>>;

/// One rule. Made by parse() alone, so that a rule that exists can work.
struct FaultRule {
  FaultMatch match;
  FaultLimit limit;
  FaultEffect effect;
  FaultFields fields;  // what it was made of, as given

  /// Of name and value pairs: {{"path", "iam/*"}, {"status", "503"}, {"count", "2"}}.
  /// Errc::invalid_argument names the field and what is wrong: an unknown one, a value out of
  /// bounds, two that contradict each other, a rule that does nothing.
  [[nodiscard]] static base::Result<FaultRule> parse(FaultFields fields);
};

/// The names that FaultRule::parse() knows.
[[nodiscard]] std::span<const std::string_view> fault_field_names();

}  // namespace imdsd::imds
