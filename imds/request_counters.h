// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace imdsd::imds {

/// What a request asks for, as far as metrics tell requests apart: a fixed list, so that no client
/// makes a series of its own.
enum class PathFamily : std::uint8_t {
  token,
  security_credentials,
  iam,
  identity_credentials,
  placement,
  network,
  public_keys,
  block_devices,
  tags,
  events,
  spot,
  autoscaling,
  meta_data,  // everything else below it, and its listing
  instance_identity,
  dynamic,
  user_data,
  versions,  // the listings above meta-data/
  other,     // what there is not, or was refused before its path was looked at
};

/// `path` is canonical (see path.h), without the version in front.
[[nodiscard]] PathFamily path_family(std::string_view path) noexcept;
/// "meta-data/iam/security-credentials", "other"
[[nodiscard]] std::string_view to_string(PathFamily family) noexcept;

/// Counts the answers of one instance, or of several together, since the start. Thread-safe: no
/// lock, nothing is allocated.
class RequestCounters {
 public:
  /// What a request had to do with tokens.
  enum class Token : std::uint8_t {
    issued,
    refused,         // one came that is forged, expired or another instance's
    none,            // version 1, and it succeeded: CloudWatch's MetadataNoToken
    none_and_needed  // version 1 where it is off: CloudWatch's MetadataNoTokenRejected
  };

  void count(PathFamily family, int status) noexcept;
  void count(Token token) noexcept { add(tokens_[static_cast<std::size_t>(token)]); }

  /// A fault rule struck the request.
  void count_struck() noexcept { add(struck_); }

  struct Row {
    PathFamily family;
    int status;  // 0: none, or one that the service does not answer by itself
    std::uint64_t count;
  };
  /// Those that are not 0.
  [[nodiscard]] std::vector<Row> rows() const;
  [[nodiscard]] std::uint64_t tokens(Token token) const noexcept {
    return tokens_[static_cast<std::size_t>(token)].load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t struck() const noexcept {
    return struck_.load(std::memory_order_relaxed);
  }

 private:
  using Counter = std::atomic<std::uint64_t>;
  static constexpr std::array kStatuses{200, 400, 401, 403, 404, 405, 429, 500, 502, 503, 504, 0};
  static constexpr std::size_t kFamilies = static_cast<std::size_t>(PathFamily::other) + 1;

  static void add(Counter& counter) noexcept { counter.fetch_add(1, std::memory_order_relaxed); }

  std::array<std::array<Counter, kStatuses.size()>, kFamilies> answers_{};
  std::array<Counter, 4> tokens_{};
  Counter struck_ = 0;
};

}  // namespace imdsd::imds
