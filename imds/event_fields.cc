// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "base/codec.h"
#include "base/duration.h"
#include "base/nearest_name.h"
#include "imds/event_order.h"

namespace imdsd::imds {
namespace {

using std::chrono::milliseconds;
using FieldError = EventFieldError;
template <class T>
using Parsed = tl::expected<T, FieldError>;

constexpr std::size_t kMaxText = 256;
// Times that are written with four digits of a year, whatever the clock says.
constexpr std::chrono::days kLongest{3650};

std::string join(std::span<const std::string_view> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    out += i == 0 ? "" : i + 1 < words.size() ? ", " : " or ";
    out += "`" + std::string(words[i]) + "`";
  }
  return out;
}

/// The fields of one order. Each is read once; finish() refuses what nobody read.
class Reader {
 public:
  explicit Reader(const EventFields& fields) : fields_(fields) {}

  Parsed<std::string> word(std::string_view name, std::span<const std::string_view> words,
                           bool required = true) {
    const std::string* value = find(name);
    if (value == nullptr) {
      if (!required) return std::string();
      return tl::unexpected(FieldError{std::string(name), "is required: " + join(words)});
    }
    if (std::find(words.begin(), words.end(), *value) != words.end()) return *value;
    return tl::unexpected(
        FieldError{std::string(name), "must be " + join(words) + " (got `" + *value + "`)"});
  }

  Parsed<std::optional<milliseconds>> duration(std::string_view name) {
    const std::string* value = find(name);
    if (value == nullptr) return std::nullopt;
    auto duration = base::parse_duration(*value);
    if (!duration) return tl::unexpected(FieldError{std::string(name), duration.error().message});
    if (*duration <= kLongest) return *duration;
    return tl::unexpected(
        FieldError{std::string(name), "may be 3650d at most (got `" + *value + "`)"});
  }

  Parsed<std::string> text(std::string_view name) {
    const std::string* value = find(name);
    if (value == nullptr) return std::string();
    const bool plain = std::none_of(value->begin(), value->end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (plain && !value->empty() && value->size() <= kMaxText && base::is_valid_utf8(*value)) {
      return *value;
    }
    return tl::unexpected(
        FieldError{std::string(name), "must be a line of 1 to 256 bytes of UTF-8"});
  }

  Parsed<void> finish(const std::string& kind) const {
    for (const auto& [name, value] : fields_) {
      if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
      return tl::unexpected(
          FieldError{name, "is no field of `" + kind + "`" + base::suggest(name, known_)});
    }
    return {};
  }

 private:
  const std::string* find(std::string_view name) {
    known_.push_back(name);
    const auto found = fields_.find(name);
    return found == fields_.end() ? nullptr : &found->second;
  }

  const EventFields& fields_;
  std::vector<std::string_view> known_ = {"kind"};
};

Parsed<EventOrder> spot(Reader& fields) {
  static constexpr std::string_view kActions[] = {"terminate", "stop", "hibernate"};
  using Action = SpotInterruption::Action;
  IMDSD_TRY(const std::string action, fields.word("action", kActions));
  SpotOrder order;
  order.action = action == "stop"        ? Action::stop
                 : action == "hibernate" ? Action::hibernate
                                         : Action::terminate;
  IMDSD_TRY(order.in, fields.duration("in"));
  return EventOrder{order, {}};
}

Parsed<EventOrder> rebalance(Reader& fields) {
  IMDSD_TRY(const auto delay, fields.duration("in"));
  return EventOrder{RebalanceOrder{}, delay.value_or(milliseconds(0))};
}

Parsed<EventOrder> maintenance(Reader& fields) {
  using State = MaintenanceEvent::State;
  // EC2 writes `canceled`, many people the other.
  static constexpr std::string_view kStates[] = {"active", "completed", "canceled", "cancelled"};
  MaintenanceOrder order;
  IMDSD_TRY(order.id, fields.text("id"));
  IMDSD_TRY(order.code, fields.word("code", kMaintenanceCodes, order.id.empty()));
  IMDSD_TRY(const std::string state, fields.word("state", kStates, false));
  if (!state.empty() && state != "active") {
    order.state = state == "completed" ? State::completed : State::canceled;
  }
  if (order.state == State::active && order.code.empty()) {
    return tl::unexpected(FieldError{"code", "is required: " + join(kMaintenanceCodes)});
  }
  IMDSD_TRY(order.description, fields.text("description"));
  IMDSD_TRY(order.in, fields.duration("in"));
  IMDSD_TRY(order.length, fields.duration("for"));
  IMDSD_TRY(order.deadline, fields.duration("deadline"));
  return EventOrder{std::move(order), {}};
}

Parsed<EventOrder> asg(Reader& fields) {
  IMDSD_TRY(std::string state, fields.word("state", kTargetLifecycleStates));
  return EventOrder{AutoScalingOrder{std::move(state)}, {}};
}

Parsed<EventOrder> instance_action(Reader& fields) {
  IMDSD_TRY(std::string action, fields.word("action", kInstanceActions));
  return EventOrder{InstanceActionOrder{std::move(action)}, {}};
}

Parsed<EventOrder> clear(Reader& fields) {
  IMDSD_TRY(const std::string what, fields.text("what"));
  if (what.empty()) return EventOrder{ClearOrder{}, {}};
  if (const auto kind = find_event_kind(what)) return EventOrder{ClearOrder{kind}, {}};
  return tl::unexpected(FieldError{
      "what", "must be one of " + event_kind_names() + " or scenario (got `" + what + "`)"});
}

}  // namespace

tl::expected<EventOrder, EventFieldError> parse_event_order(const EventFields& fields) {
  struct Kind {
    std::string_view name;
    Parsed<EventOrder> (*read)(Reader&);
  };
  static constexpr Kind kKinds[] = {{"spot", spot},
                                    {"rebalance", rebalance},
                                    {"maintenance", maintenance},
                                    {"asg", asg},
                                    {"instance-action", instance_action},
                                    {"clear", clear}};
  const auto given = fields.find("kind");
  const std::string name = given == fields.end() ? "" : given->second;
  for (const Kind& kind : kKinds) {
    if (kind.name != name) continue;
    Reader reader(fields);
    IMDSD_TRY(auto order, kind.read(reader));
    IMDSD_TRY_VOID(reader.finish(name));
    return order;
  }
  const std::string choice = event_kind_names() + " or clear";
  return tl::unexpected(
      FieldError{"kind", name.empty() ? "is required: " + choice
                                      : "must be one of " + choice + " (got `" + name + "`)"});
}

}  // namespace imdsd::imds
