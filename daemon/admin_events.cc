// SPDX-License-Identifier: MIT
#include "daemon/admin_events.h"

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "aws/query_protocol.h"
#include "aws/time_format.h"
#include "daemon/scenario.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::HttpRequest;
using base::HttpResponse;
using base::Result;
using Json = nlohmann::ordered_json;

std::string time_text(base::SystemTime time) {
  return aws::format_iso8601(time);
}

Json optional_text(const std::string& name, const std::string& value) {
  return value.empty() ? Json() : Json{{name, value}};
}

Json maintenance_json(const std::vector<imds::MaintenanceEvent>& events) {
  Json out = Json::array();
  for (const auto& event : events) {
    out.push_back(
        {{"id", event.id},
         {"code", event.code},
         {"description", event.description},
         {"state", to_string(event.state)},
         {"not_before", time_text(event.not_before)},
         {"not_after", time_text(event.not_after)},
         {"not_before_deadline",
          event.not_before_deadline ? Json(time_text(*event.not_before_deadline)) : Json()}});
  }
  return out;
}

Json events_json(const imds::InstanceEvents& events) {
  Json spot, rebalance;
  if (events.spot) {
    spot = {{"action", to_string(events.spot->action)}, {"time", time_text(events.spot->time)}};
  }
  if (events.rebalance) rebalance = {{"notice_time", time_text(*events.rebalance)}};
  return {{"spot", std::move(spot)},
          {"rebalance", std::move(rebalance)},
          {"maintenance", maintenance_json(events.maintenance)},
          {"asg", optional_text("state", events.target_lifecycle_state)},
          {"instance-action", optional_text("action", events.instance_action)}};
}

Json scenario_json(const EventPlayer::View& view) {
  if (!view.scenario) return {};
  const auto& playing = *view.scenario;
  return {{"name", playing.name},
          {"started", time_text(playing.started)},
          {"steps", playing.steps},
          {"taken", playing.taken},
          {"next", playing.next ? Json(time_text(*playing.next)) : Json()},
          {"problems", playing.problems}};
}

Json changes_json(const LiveState& state) {
  Json out = Json::array();
  for (const MetadataChange& change : state.live.changes) {
    Json problem;
    for (const UnfitChange& unfit : state.unfit) {
      if (unfit.path == change.path) problem = unfit.reason;
    }
    out.push_back({{"path", change.path},
                   {"value", change.value ? Json(*change.value) : Json()},
                   {"keep", change.keep},
                   {"problem", std::move(problem)}});
  }
  return out;
}

/// `instance`, and everything else by name. Of one name twice, the request is refused: the second
/// would be lost.
struct Parameters {
  std::string instance;
  imds::EventFields fields;

  static Result<Parameters> parse(std::string_view query) {
    IMDSD_TRY(const auto parameters, aws::QueryParameters::parse(query));
    Parameters out;
    for (const auto& [name, value] : parameters.all()) {
      if (!out.fields.emplace(name, value).second) {
        return fail(Errc::invalid_argument, "`" + name + "` is there twice");
      }
    }
    if (const auto found = out.fields.find("instance"); found != out.fields.end()) {
      out.instance = found->second;
      out.fields.erase(found);
    }
    return out;
  }

  /// The value of a parameter, taken out.
  std::string take(std::string_view name) {
    const auto found = fields.find(name);
    if (found == fields.end()) return {};
    std::string value = std::move(found->second);
    fields.erase(found);
    return value;
  }
  Result<bool> take_flag(std::string_view name) {
    const std::string value = take(name);
    if (value.empty() || value == "false") return false;
    if (value == "true") return true;
    return fail(Errc::invalid_argument, "`" + std::string(name) + "` must be true or false");
  }
  [[nodiscard]] Result<void> finish() const {
    if (fields.empty()) return {};
    return fail(Errc::invalid_argument, "there is no parameter `" + fields.begin()->first + "`");
  }
};

Result<void> stop_scenario(const Core& core, EventPlayer& player, const std::string& instance) {
  IMDSD_TRY(const LiveState before, core.live(instance));
  if (player.stop(before.instance_id)) return {};
  return fail(Errc::not_found, "no scenario is being played");
}

Result<void> order_event(Core& core, EventPlayer& player, const HttpRequest& request) {
  IMDSD_TRY(const auto parameters, Parameters::parse(request.query()));
  const imds::EventFields of_scenario{{"kind", "clear"}, {"what", "scenario"}};
  if (parameters.fields == of_scenario) return stop_scenario(core, player, parameters.instance);
  auto order = imds::parse_event_order(parameters.fields);
  if (!order) {
    return fail(Errc::invalid_argument, order.error().field + ": " + order.error().message);
  }
  IMDSD_TRY(const LiveState before, core.live(parameters.instance));
  if (std::holds_alternative<imds::ClearOrder>(order->what)) {
    player.cancel(before.instance_id, order->kind());
  }
  if (order->delay.count() > 0) return player.later(before.instance_id, *std::move(order));
  return core.take_step(before.instance_id, *std::move(order));
}

Result<void> play(Core& core, EventPlayer& player, const HttpRequest& request) {
  IMDSD_TRY(auto parameters, Parameters::parse(request.query()));
  const std::string name = parameters.take("name");
  IMDSD_TRY_VOID(parameters.finish());
  IMDSD_TRY(const LiveState before, core.live(parameters.instance));
  auto scenario = parse_scenario(request.body, name.empty() ? "scenario" : name);
  if (!scenario) {
    std::string lines;
    for (const auto& problem : scenario.error()) {
      lines += (lines.empty() ? "" : "\n") + problem.to_string();
    }
    return fail(Errc::invalid_argument, std::move(lines));
  }
  std::vector<LiveStep> steps;
  for (const ScenarioStep& step : scenario->steps) steps.push_back(step.step);
  if (auto failed = core.rehearse(before.instance_id, steps)) {
    const auto& at = scenario->steps[failed->index].position;
    return fail(failed->error.code, ConfigProblem{at, "", failed->error.message}.to_string());
  }
  player.play(before.instance_id, *std::move(scenario));
  return {};
}

Result<void> stop(Core& core, EventPlayer& player, const HttpRequest& request) {
  IMDSD_TRY(const auto parameters, Parameters::parse(request.query()));
  IMDSD_TRY_VOID(parameters.finish());
  return stop_scenario(core, player, parameters.instance);
}

Result<void> set(Core& core, EventPlayer&, const HttpRequest& request) {
  IMDSD_TRY(auto parameters, Parameters::parse(request.query()));
  MetadataChange change;
  IMDSD_TRY(change.path, metadata_path(parameters.take("path")));
  IMDSD_TRY(change.keep, parameters.take_flag("keep"));
  IMDSD_TRY(const bool absent, parameters.take_flag("absent"));
  IMDSD_TRY_VOID(parameters.finish());
  if (!absent) {
    change.value = request.body;
  } else if (!request.body.empty()) {
    return fail(Errc::invalid_argument, "`absent` cannot be combined with a value");
  }
  return core.take_step(parameters.instance, std::move(change));
}

Result<void> unset(Core& core, EventPlayer&, const HttpRequest& request) {
  IMDSD_TRY(auto parameters, Parameters::parse(request.query()));
  UnsetStep step;
  if (const std::string path = parameters.take("path"); !path.empty()) {
    IMDSD_TRY(step.path, metadata_path(path));
  }
  IMDSD_TRY_VOID(parameters.finish());
  return core.take_step(parameters.instance, std::move(step));
}

Result<void> nothing(Core&, EventPlayer&, const HttpRequest& request) {
  IMDSD_TRY(const auto parameters, Parameters::parse(request.query()));
  return parameters.finish();
}

HttpResponse tell(const Core& core, const EventPlayer& player, const HttpRequest& request) {
  const auto parameters = Parameters::parse(request.query());
  if (!parameters) return admin_error(parameters.error());
  const auto state = core.live(parameters->instance);
  if (!state) return admin_error(state.error());
  const auto view = player.view(state->instance_id);
  Json pending = Json::array();
  for (const auto& each : view.pending) {
    pending.push_back({{"at", time_text(each.at)}, {"kind", to_string(each.kind)}});
  }
  const Json json = {{"instance", state->instance_id},
                     {"events", events_json(state->live.events)},
                     {"pending", std::move(pending)},
                     {"scenario", scenario_json(view)},
                     {"changes", changes_json(*state)}};
  return admin_answer(200, json.dump(2) + "\n");
}

}  // namespace

std::vector<AdminRoute> event_routes(Core& core, EventPlayer& player) {
  using Do = Result<void> (*)(Core&, EventPlayer&, const HttpRequest&);
  const auto bind = [&core, &player](Do act) {
    return [&core, &player, act](const HttpRequest& request) {
      const auto done = act(core, player, request);
      if (done) return tell(core, player, request);
      const bool full = done.error().code == Errc::too_large;
      return full ? admin_error(400, done.error().message) : admin_error(done.error());
    };
  };
  return {
      {"GET", "/v1/events", bind(nothing)}, {"POST", "/v1/events", bind(order_event)},
      {"POST", "/v1/scenario", bind(play)}, {"DELETE", "/v1/scenario", bind(stop)},
      {"PUT", "/v1/metadata", bind(set)},   {"DELETE", "/v1/metadata", bind(unset)},
  };
}

}  // namespace imdsd::daemon
