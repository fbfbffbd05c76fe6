// SPDX-License-Identifier: MIT
// FaultRule::parse: the fields one by one, then all of them together.
#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

#include "base/codec.h"
#include "base/duration.h"
#include "base/nearest_name.h"
#include "imds/fault_fields.h"
#include "imds/fault_rule.h"

namespace imdsd::imds {
namespace {

using base::Errc;
using base::fail;
using base::Result;

constexpr std::uint64_t kMostRequests = 1'000'000'000;

template <class T, class Target>
Result<void> put(Result<T> value, Target& out) {
  if (!value) return tl::unexpected(std::move(value).error());
  out = *std::move(value);
  return {};
}

/// A field that can only say one thing.
Result<void> one_word(std::string_view text, std::string_view word, bool& out) {
  if (text != word) return bad_fault("must be `" + std::string(word) + "`", text);
  out = true;
  return {};
}

Result<std::string> method(std::string_view text) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::size_t kLongest = 20;
  if (!text.empty() && text.size() <= kLongest &&
      text.find_first_not_of(kLetters) == std::string_view::npos) {
    return std::string(text);
  }
  return bad_fault("must be a method in capital letters, such as `PUT`", text);
}

Result<std::string> body(std::string text) {
  if (text.size() <= kMaxFaultBody) return text;
  return fail(Errc::invalid_argument, "may have at most " + std::to_string(kMaxFaultBody) +
                                          " bytes (got " + std::to_string(text.size()) + ")");
}

Result<std::string> decoded_body(std::string_view text) {
  IMDSD_TRY(auto bytes, base::base64_decode(text));
  return body(std::move(bytes));
}

Result<std::chrono::milliseconds> lasting(std::string_view text) {
  IMDSD_TRY(const auto duration, base::parse_duration(text));
  if (duration.count() > 0) return duration;
  return bad_fault("must be longer than nothing", text);
}

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html has the known ones.
Result<std::string> code(std::string_view text) {
  if (text == "Success") return bad_fault("is the code of credentials: name a failure", text);
  const bool is_word = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  if (!text.empty() && text.size() <= 64 && is_word) return std::string(text);
  return bad_fault("must be one word, such as `AssumeRoleUnauthorizedAccess`", text);
}

Result<void> credentials(std::string_view text, FaultEffect& out) {
  out.credentials_expired = text == "expired";
  out.credentials_stale = text == "stale";
  if (out.credentials_expired || out.credentials_stale) return {};
  return bad_fault("must be `expired` or `stale`", text);
}

struct Field {
  std::string_view name;
  Result<void> (*read)(const std::string& text, FaultRule& out);
};

using Text = const std::string&;
constexpr Field kFields[] = {
    {"door", [](Text t, FaultRule& r) { return put(fault_door(t), r.match.door); }},
    {"path", [](Text t, FaultRule& r) { return put(fault_path(r.match.door, t), r.match.path); }},
    {"method", [](Text t, FaultRule& r) { return put(method(t), r.match.method); }},
    {"peer", [](Text t, FaultRule& r) { return put(base::IpNetwork::parse(t), r.match.peer); }},
    {"user_agent",
     [](Text t, FaultRule& r) -> Result<void> {
       IMDSD_TRY(const auto line, fault_line(t, kMaxFaultPattern));
       r.match.user_agent = base::StarPattern(line);
       return {};
     }},
    {"for", [](Text t, FaultRule& r) { return put(lasting(t), r.limit.duration); }},
    {"count",
     [](Text t, FaultRule& r) { return put(fault_number(t, 1, kMostRequests), r.limit.count); }},
    {"skip",
     [](Text t, FaultRule& r) { return put(fault_number(t, 1, kMostRequests), r.limit.skip); }},
    {"probability",
     [](Text t, FaultRule& r) { return put(fault_probability(t), r.limit.probability); }},
    {"seed",
     [](Text t, FaultRule& r) { return put(fault_number(t, 0, UINT64_MAX), r.limit.seed); }},
    {"cycle", [](Text t, FaultRule& r) { return read_fault_cycle(t, r.limit); }},
    {"rate", [](Text t, FaultRule& r) { return put(fault_rate(t), r.limit.rate_interval); }},
    {"burst", [](Text t, FaultRule& r) { return put(fault_number(t, 1, 10'000), r.limit.burst); }},
    {"latency", [](Text t, FaultRule& r) { return put(fault_latency(t), r.effect.latency); }},
    {"reset", [](Text t, FaultRule& r) { return one_word(t, "true", r.effect.reset); }},
    {"hang", [](Text t, FaultRule& r) { return one_word(t, "true", r.effect.hang); }},
    {"status",
     [](Text t, FaultRule& r) -> Result<void> {
       IMDSD_TRY(const auto status, fault_number(t, 200, 599));
       r.effect.status = static_cast<int>(status);
       return {};
     }},
    {"body", [](Text t, FaultRule& r) { return put(body(t), r.effect.body); }},
    {"body_base64", [](Text t, FaultRule& r) { return put(decoded_body(t), r.effect.body); }},
    {"content_type",
     [](Text t, FaultRule& r) { return put(fault_line(t, 256), r.effect.content_type); }},
    {"truncate", [](Text t, FaultRule& r) { return put(fault_portion(t), r.effect.truncate); }},
    {"cut", [](Text t, FaultRule& r) { return put(fault_portion(t), r.effect.cut); }},
    {"http_endpoint",
     [](Text t, FaultRule& r) { return one_word(t, "disabled", r.effect.http_endpoint_disabled); }},
    {"http_tokens",
     [](Text t, FaultRule& r) { return one_word(t, "required", r.effect.http_tokens_required); }},
    {"hop_limit",
     [](Text t, FaultRule& r) -> Result<void> {
       IMDSD_TRY(const auto limit, fault_number(t, 1, 64));
       r.effect.hop_limit = static_cast<int>(limit);
       return {};
     }},
    {"role", [](Text t, FaultRule& r) { return one_word(t, "missing", r.effect.role_missing); }},
    {"credentials", [](Text t, FaultRule& r) { return credentials(t, r.effect); }},
    {"code", [](Text t, FaultRule& r) { return put(code(t), r.effect.code); }},
    {"message", [](Text t, FaultRule& r) { return put(fault_line(t, 1024), r.effect.message); }},
    {"clock_skew",
     [](Text t, FaultRule& r) { return put(fault_clock_skew(t), r.effect.clock_skew); }},
};

constexpr auto kNames = [] {
  std::array<std::string_view, std::size(kFields)> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kFields[i].name;
  return names;
}();

/// Fields that cannot stand beside `field`, and why.
struct Exclusion {
  std::string_view field;
  std::initializer_list<std::string_view> others;
  std::string_view why;
};

const Exclusion kExclusions[] = {
    {"hang",
     {"latency", "reset", "status", "body", "body_base64", "content_type", "truncate", "cut",
      "http_endpoint", "http_tokens", "hop_limit", "role", "credentials", "code", "clock_skew"},
     "nothing is answered"},
    {"reset",
     {"status", "body", "body_base64", "content_type", "truncate", "cut", "http_endpoint",
      "http_tokens", "hop_limit", "role", "credentials", "code", "clock_skew"},
     "nothing is answered"},
    {"status",
     {"http_endpoint", "http_tokens", "role", "credentials", "code", "clock_skew"},
     "the request is not looked at"},
    {"http_endpoint",
     {"http_tokens", "role", "credentials", "code", "clock_skew"},
     "every answer is 403 then"},
    {"body", {"body_base64"}, "there is one body"},
    {"body", {"truncate", "credentials", "code", "clock_skew"}, "the body is what was given"},
    {"body_base64",
     {"truncate", "credentials", "code", "clock_skew"},
     "the body is what was given"},
    {"truncate", {"cut"}, "a body ends once"},
    {"role", {"credentials", "code", "clock_skew"}, "there are no documents of it then"},
    {"code", {"credentials"}, "a failure has no credentials"},
};

/// `field` means nothing without one of `needs`.
struct Need {
  std::string_view field;
  std::initializer_list<std::string_view> needs;
};
const Need kNeeds[] = {
    {"burst", {"rate"}}, {"message", {"code"}}, {"seed", {"probability", "latency"}}};

Result<void> check_together(const FaultRule& rule, const std::set<std::string_view>& given) {
  for (const Exclusion& exclusion : kExclusions) {
    if (!given.contains(exclusion.field)) continue;
    for (const std::string_view other : exclusion.others) {
      if (!given.contains(other)) continue;
      return fail(Errc::invalid_argument, std::string(other) + ": contradicts `" +
                                              std::string(exclusion.field) +
                                              "`: " + std::string(exclusion.why));
    }
  }
  for (const Need& need : kNeeds) {
    const auto there = [&](std::string_view name) { return given.contains(name); };
    if (!given.contains(need.field) || std::any_of(need.needs.begin(), need.needs.end(), there)) {
      continue;
    }
    return fail(Errc::invalid_argument, std::string(need.field) + ": means nothing without `" +
                                            std::string(*need.needs.begin()) + "`");
  }
  if (rule.effect.decides() || rule.effect.latency) return {};
  return fail(Errc::invalid_argument,
              "the rule does nothing: give it an effect, such as `status`, `latency` or `reset`");
}

/// What the doors for containers have not got.
Result<void> check_door(const FaultRule& rule, const std::set<std::string_view>& given) {
  if (rule.match.door == FaultDoor::imds) return {};
  const std::string why = " is of the metadata service, not of the door `" +
                          std::string(to_string(rule.match.door)) + "`";
  for (const std::string_view name :
       {"http_endpoint", "http_tokens", "hop_limit", "role", "code"}) {
    if (given.contains(name))
      return fail(Errc::invalid_argument, std::string(name) + ": this" + why);
  }
  if (!rule.effect.credentials_stale) return {};
  return fail(Errc::invalid_argument, "credentials: `stale`" + why);
}

/// Named, or told by the path: how the path is read depends on it.
FaultDoor door_of(const FaultFields& fields) {
  FaultDoor door = FaultDoor::imds;
  for (const auto& [name, text] : fields) {
    if (name == "door") return fault_door(text).value_or(FaultDoor::imds);
    if (name == "path") door = fault_door_of_path(text);
  }
  return door;
}

const Field* find_field(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFields), std::end(kFields),
                                   [&](const Field& field) { return field.name == name; });
  return found == std::end(kFields) ? nullptr : found;
}

}  // namespace

std::span<const std::string_view> fault_field_names() {
  return kNames;
}

Result<FaultRule> FaultRule::parse(FaultFields fields) {
  FaultRule rule;
  rule.match.door = door_of(fields);
  std::set<std::string_view> given;
  for (const auto& [name, text] : fields) {
    const Field* field = find_field(name);
    if (field == nullptr) {
      return fail(Errc::invalid_argument,
                  "there is no field `" + name + "`" + base::suggest(name, kNames));
    }
    if (!given.insert(field->name).second) {
      return fail(Errc::invalid_argument, name + ": is given twice");
    }
    if (auto read = field->read(text, rule); !read) {
      return base::fail_in(name, std::move(read).error());
    }
  }
  // The status of requests beyond a rate, seen on EC2 instances (aws-sdk-go-v2 issue 1995).
  constexpr int kThrottled = 429;
  const bool has_effect = rule.effect.decides() || rule.effect.latency;
  if (given.contains("rate") && !has_effect) rule.effect.status = kThrottled;
  IMDSD_TRY_VOID(check_together(rule, given));
  IMDSD_TRY_VOID(check_door(rule, given));
  rule.fields = std::move(fields);
  return rule;
}

}  // namespace imdsd::imds
