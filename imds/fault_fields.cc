// SPDX-License-Identifier: MIT
#include "imds/fault_fields.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/duration.h"
#include "imds/api_versions.h"
#include "imds/path.h"

namespace imdsd::imds {
namespace {

using base::Result;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::string_view kMetaData = "meta-data";
constexpr std::string_view kRoots[] = {kMetaData, "dynamic", "user-data", "api"};

bool is_version(std::string_view segment) {
  return segment == kLatest || std::find(std::begin(kDatedVersions), std::end(kDatedVersions),
                                         segment) != std::end(kDatedVersions);
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// All of `text`, and nothing like "inf" or "0x1p3".
std::optional<double> decimal(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) return {};
  double value = 0;
  const auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (failed != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

Result<milliseconds> delay(std::string_view text) {
  IMDSD_TRY(const auto duration, base::parse_duration(text));
  if (duration <= kMaxFaultDelay) return duration;
  return bad_fault("may be at most " + base::format_duration(kMaxFaultDelay), text);
}

/// The first segment of what clients ask of the doors for containers.
bool is_container_root(FaultDoor door, std::string_view segment) {
  constexpr std::string_view kEcs[] = {"v1", "v2", "v3", "v4"};
  if (door == FaultDoor::eks) return segment == kEcs[0];
  return std::find(std::begin(kEcs), std::end(kEcs), segment) != std::end(kEcs);
}

/// `path` is `text` without the slashes around it.
Result<base::StarPattern> container_path(FaultDoor door, std::string_view path,
                                         std::string_view text) {
  std::string_view rest = path;
  const std::string_view first = take_segment(rest);
  const bool may_fit = first.find('*') != std::string_view::npos || is_container_root(door, first);
  if (may_fit && path.find("//") == std::string_view::npos) return base::StarPattern(path);
  return bad_fault(door == FaultDoor::ecs
                       ? "the door `ecs` has `/v2/credentials/*`, `/v4/*`, `/v3/*`, "
                         "`/v2/metadata*` and `/v1/credentials`"
                       : "the door `eks` has `/v1/credentials` alone",
                   text);
}

Result<FaultLatency> tail(std::string_view text) {
  const std::size_t equals = text.find('=');
  const auto percent = decimal(text.substr(1, equals == std::string_view::npos ? 0 : equals - 1));
  if (!percent || *percent <= 0 || *percent >= 100) {
    return bad_fault("must be a percentile and its duration, such as `p99=2s`", text);
  }
  IMDSD_TRY(const auto high, delay(text.substr(equals + 1)));
  return FaultLatency{
      .kind = FaultLatency::Kind::tail, .low = {}, .high = high, .percentile = *percent / 100};
}

}  // namespace

tl::unexpected<base::Error> bad_fault(const std::string& message, std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::string shown(text.substr(0, kShown));
  if (shown.size() < text.size()) shown += "…";
  return base::fail(base::Errc::invalid_argument, message + " (got `" + shown + "`)");
}

Result<FaultDoor> fault_door(std::string_view text) {
  for (const FaultDoor door : {FaultDoor::imds, FaultDoor::ecs, FaultDoor::eks}) {
    if (text == to_string(door)) return door;
  }
  return bad_fault("must be `imds`, `ecs` or `eks`", text);
}

FaultDoor fault_door_of_path(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  const std::string_view first = take_segment(path);
  return first == "v2" || first == "v3" || first == "v4" ? FaultDoor::ecs : FaultDoor::imds;
}

Result<base::StarPattern> fault_path(FaultDoor door, std::string_view text) {
  if (text.empty() || text.size() > kMaxFaultPattern || has_control(text)) {
    return bad_fault("must be a path of 1 to 1024 characters", text);
  }
  if (text.find('?') != std::string_view::npos) {
    return bad_fault("the only wildcard is `*`, and a query is no part of a path", text);
  }
  std::string_view path = text;
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (door != FaultDoor::imds) return container_path(door, path, text);
  if (std::string_view rest = path; is_version(take_segment(rest))) path = rest;
  if (path.empty()) return bad_fault("must name a path below the version, such as `iam/*`", text);
  if (path.find("//") != std::string_view::npos) {
    return bad_fault("no path has an empty segment", text);
  }
  std::string_view rest = path;
  const std::string_view first = take_segment(rest);
  if (is_container_root(FaultDoor::ecs, first)) {
    return bad_fault("is no path of the metadata service: name its door, `ecs` or `eks`", text);
  }
  const bool is_root = std::find(std::begin(kRoots), std::end(kRoots), first) != std::end(kRoots);
  if (first == "api" && !base::StarPattern(path).matches("api/token")) {
    return bad_fault("the only path of `api` is `api/token`", text);
  }
  if (first == "user-data" && path != first) {
    return bad_fault("nothing is below `user-data`", text);
  }
  if (is_root || path.starts_with('*')) return base::StarPattern(path);
  return base::StarPattern(std::string(kMetaData) + "/" + std::string(path));
}

Result<FaultLatency> fault_latency(std::string_view text) {
  FaultLatency out;
  const std::size_t dots = text.find("..");
  if (text.starts_with('p')) {
    IMDSD_TRY(out, tail(text));
  } else if (dots != std::string_view::npos) {
    out.kind = FaultLatency::Kind::uniform;
    IMDSD_TRY(out.low, delay(text.substr(0, dots)));
    IMDSD_TRY(out.high, delay(text.substr(dots + 2)));
    if (out.low >= out.high) return bad_fault("the first duration must be the shorter one", text);
  } else {
    IMDSD_TRY(out.high, delay(text));
  }
  if (out.high.count() > 0) return out;
  return bad_fault("must be longer than nothing", text);
}

Result<nanoseconds> fault_rate(std::string_view text) {
  constexpr std::string_view kForm = "must be requests in a second, minute or hour, such as `5/s`";
  constexpr std::uint64_t kMost = 1'000'000;
  const std::size_t slash = text.find('/');
  const std::string_view unit = slash == std::string_view::npos ? "" : text.substr(slash + 1);
  nanoseconds each{};
  if (unit == "s") each = std::chrono::seconds(1);
  if (unit == "m") each = std::chrono::minutes(1);
  if (unit == "h") each = std::chrono::hours(1);
  const auto number = fault_number(text.substr(0, slash), 1, kMost);
  if (each.count() == 0 || !number) return bad_fault(std::string(kForm), text);
  return each / static_cast<std::int64_t>(*number);
}

Result<FaultPortion> fault_portion(std::string_view text) {
  FaultPortion out;
  out.percent = text.ends_with('%');
  const std::uint64_t most = out.percent ? 99 : 1u << 20;
  const auto amount = fault_number(out.percent ? text.substr(0, text.size() - 1) : text, 0, most);
  if (!amount) return bad_fault("must be a number of bytes, or `0%` to `99%` of the body", text);
  out.amount = *amount;
  return out;
}

Result<void> read_fault_cycle(std::string_view text, FaultLimit& out) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return bad_fault("must be a duration and the cycle that it is the start of: `5s/10s`", text);
  }
  IMDSD_TRY(out.cycle_on, base::parse_duration(text.substr(0, slash)));
  IMDSD_TRY(out.cycle, base::parse_duration(text.substr(slash + 1)));
  if (out.cycle_on.count() > 0 && out.cycle_on < out.cycle) return {};
  return bad_fault("the first duration must be the shorter one, and longer than nothing", text);
}

Result<std::chrono::seconds> fault_clock_skew(std::string_view text) {
  const bool back = text.starts_with('-');
  constexpr std::chrono::hours kMost{24 * 30};
  IMDSD_TRY(const auto duration,
            base::parse_duration(back || text.starts_with('+') ? text.substr(1) : text));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
  if (seconds.count() == 0 || seconds > kMost) {
    return bad_fault("must be whole seconds, at most 30d, such as `-10m` or `1h`", text);
  }
  return back ? -seconds : seconds;
}

Result<double> fault_probability(std::string_view text) {
  const auto value = decimal(text);
  if (value && *value > 0 && *value <= 1) return *value;
  return bad_fault("must be above 0 and at most 1", text);
}

Result<std::uint64_t> fault_number(std::string_view text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed == std::errc() && end == text.data() + text.size() && value >= least &&
      value <= most) {
    return value;
  }
  return bad_fault(
      "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most), text);
}

Result<std::string> fault_line(std::string_view text, std::size_t most) {
  if (!text.empty() && text.size() <= most && !has_control(text)) return std::string(text);
  return bad_fault("must be one line of 1 to " + std::to_string(most) + " bytes", text);
}

}  // namespace imdsd::imds
