// SPDX-License-Identifier: MIT
#include "sts_client/rotation_policy.h"

#include <algorithm>
#include <cstdint>

namespace imdsd::sts_client {
namespace {

using std::chrono::microseconds;

constexpr microseconds kFirstRetry = std::chrono::milliseconds(500);
constexpr microseconds kMaxRetry = std::chrono::seconds(30);
// 2^6 * 0.5 s is past kMaxRetry: more doublings change nothing, and never overflow.
constexpr unsigned kMaxDoublings = 6;

}  // namespace

microseconds rotation_margin(microseconds lifetime) {
  if (lifetime < std::chrono::hours(1)) return lifetime / 3;
  return std::max<microseconds>(std::chrono::minutes(30), lifetime / 6);
}

double rotation_jitter(std::string_view instance_id) {
  // FNV-1a, and the finalizer of SplitMix64: FNV's upper bits hardly know the last characters.
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : instance_id) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9U;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebU;
  hash ^= hash >> 31;
  return static_cast<double>(hash >> 11) * 0x1p-53;
}

base::SystemTime next_rotation(base::SystemTime issued, base::SystemTime expiration,
                               double jitter01) {
  // The expiration was rounded down to the second; the lifetime that was asked for was a whole
  // number.
  const auto lifetime = std::chrono::ceil<std::chrono::seconds>(expiration - issued);
  const microseconds margin = rotation_margin(lifetime);
  const double most = static_cast<double>((margin / 4).count());
  return expiration - margin - microseconds(static_cast<microseconds::rep>(most * jitter01));
}

microseconds retry_delay(unsigned failures, microseconds lifetime) {
  const unsigned doublings = std::min(std::max(failures, 1U) - 1, kMaxDoublings);
  const microseconds most = std::min(kMaxRetry, rotation_margin(lifetime) / 4);
  return std::min(kFirstRetry * (1U << doublings), most);
}

}  // namespace imdsd::sts_client
