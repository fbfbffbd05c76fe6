// SPDX-License-Identifier: MIT
#include "daemon/admin_faults.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "aws/query_protocol.h"
#include "base/log.h"
#include "imds/fault_scenarios.h"
#include "imds/metadata_names.h"

namespace imdsd::daemon {
namespace {

using base::HttpRequest;
using base::HttpResponse;
using base::Result;
using Json = nlohmann::ordered_json;
using Runtime = std::shared_ptr<InstanceRuntime>;

/// What the routes share.
struct Faults {
  FindInstance find;
  const base::Clock& clock;

  [[nodiscard]] HttpResponse list(const HttpRequest& request) const;
  [[nodiscard]] HttpResponse add(const HttpRequest& request) const;
  [[nodiscard]] HttpResponse clear(const HttpRequest& request) const;
};

HttpResponse answer(const Json& json) {
  return admin_answer(200, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

/// A body is what somebody chose, of any size: its length tells which one it is.
Json fields_json(const imds::FaultRule& rule) {
  Json out = Json::object();
  for (const auto& [name, value] : rule.fields) {
    if (name == "body" || name == "body_base64") {
      out["body_bytes"] = rule.effect.body.value_or("").size();
    } else {
      out[name] = value;
    }
  }
  return out;
}

Json fault_json(const imds::Fault& fault, base::SteadyTime now) {
  const auto& limit = fault.rule().limit;
  const auto time_left = fault.time_left(now);
  const auto hits = fault.hits();
  Json json = {{"id", fault.id()},
               {"scenario", fault.scenario().empty() ? Json(nullptr) : Json(fault.scenario())},
               {"rule", fields_json(fault.rule())},
               {"hits", hits},
               {"state", fault.is_over(now) ? "over" : "active"}};
  json["milliseconds_left"] = time_left ? Json(time_left->count()) : Json(nullptr);
  json["count_left"] =
      limit.count ? Json(*limit.count - std::min(*limit.count, hits)) : Json(nullptr);
  return json;
}

/// "path=iam/* status=503", for the log.
std::string one_line(const imds::FaultRule& rule) {
  std::string out;
  const Json fields = fields_json(rule);
  for (const auto& [name, value] : fields.items()) {
    out += (out.empty() ? "" : " ") + name + "=" +
           (value.is_string() ? value.get<std::string>() : value.dump());
  }
  return out;
}

HttpResponse Faults::list(const HttpRequest& request) const {
  const auto name = instance_parameter(request.query());
  if (!name) return admin_error(name.error());
  const auto instance = find(*name);
  if (!instance) return admin_error(instance.error());
  Json list = Json::array();
  if (const auto set = (*instance)->faults()) {
    for (const auto& fault : set->faults()) list.push_back(fault_json(*fault, clock.monotonic()));
  }
  return answer({{"instance", (*instance)->id()}, {"faults", std::move(list)}});
}

/// What a rule's path names and neither EC2 nor the instance has; null without such a name.
Json warning_json(const imds::FaultRule& rule, const InstanceRuntime& instance) {
  if (rule.match.door != imds::FaultDoor::imds) return nullptr;
  const auto unknown = imds::find_unknown_name(rule.match.path.text());
  if (!unknown || instance.has(unknown->path)) return nullptr;
  return unknown->message;
}

/// The fields of a form: one of a scenario's name, or all of a rule.
Result<std::pair<imds::FaultRule, std::string>> read_rule(const std::string& form) {
  IMDSD_TRY(const auto parameters, aws::QueryParameters::parse(form));
  imds::FaultFields fields = parameters.all();
  const auto named = std::find_if(fields.begin(), fields.end(),
                                  [](const auto& field) { return field.first == "scenario"; });
  if (named == fields.end()) {
    IMDSD_TRY(auto rule, imds::FaultRule::parse(std::move(fields)));
    return std::pair(std::move(rule), std::string());
  }
  std::string scenario = std::move(named->second);
  fields.erase(named);
  IMDSD_TRY(auto rule, imds::scenario_rule(scenario, fields));
  return std::pair(std::move(rule), std::move(scenario));
}

HttpResponse Faults::add(const HttpRequest& request) const {
  const auto name = instance_parameter(request.query());
  if (!name) return admin_error(name.error());
  const auto instance = find(*name);
  if (!instance) return admin_error(instance.error());
  auto rule = read_rule(request.body);
  if (!rule) return admin_error(rule.error());
  const auto fault = (*instance)->add_fault(std::move(rule->first), std::move(rule->second));
  if (!fault) return admin_error(409, fault.error().message);
  base::log_info("fault rule made", {{"instance", (*instance)->id()},
                                     {"fault", (*fault)->id()},
                                     {"scenario", (*fault)->scenario()},
                                     {"rule", one_line((*fault)->rule())}});
  Json json = fault_json(**fault, clock.monotonic());
  json["warning"] = warning_json((*fault)->rule(), **instance);
  return answer(json);
}

/// instance, and which: an id or a scenario; without one, all of them.
HttpResponse Faults::clear(const HttpRequest& request) const {
  const auto parameters = aws::QueryParameters::parse(request.query());
  if (!parameters) return admin_error(parameters.error());
  for (const auto& [name, value] : parameters->all()) {
    if (name != "instance" && name != "fault") {
      return admin_error(400, "there is no parameter `" + name + "`: use `instance` and `fault`");
    }
  }
  const auto instance = find(std::string(parameters->get("instance").value_or("")));
  if (!instance) return admin_error(instance.error());
  const std::string which(parameters->get("fault").value_or(""));
  const std::size_t cleared = (*instance)->clear_faults(which);
  if (cleared == 0 && !which.empty()) {
    return admin_error(404, "there is no fault `" + which + "` on instance `" + (*instance)->id() +
                                "`: `imdsctl fault list` has them");
  }
  base::log_info("fault rules cleared",
                 {{"instance", (*instance)->id()}, {"fault", which}, {"rules", cleared}});
  return answer({{"instance", (*instance)->id()}, {"cleared", cleared}});
}

HttpResponse scenarios(const HttpRequest&) {
  Json list = Json::array();
  for (const imds::FaultScenario& scenario : imds::fault_scenarios()) {
    const auto rule =
        imds::scenario_rule(scenario.name, {});  // INVARIANT: a test holds all of them
    list.push_back({{"name", scenario.name},
                    {"what", scenario.what},
                    {"rule", rule ? fields_json(*rule) : Json::object()}});
  }
  return answer({{"scenarios", std::move(list)}});
}

}  // namespace

std::vector<AdminRoute> fault_routes(FindInstance find, const base::Clock& clock) {
  const auto faults = std::make_shared<const Faults>(Faults{std::move(find), clock});
  return {
      {"GET", "/v1/faults", [faults](const HttpRequest& r) { return faults->list(r); }},
      {"POST", "/v1/faults", [faults](const HttpRequest& r) { return faults->add(r); }},
      {"DELETE", "/v1/faults", [faults](const HttpRequest& r) { return faults->clear(r); }},
      {"GET", "/v1/fault-scenarios", scenarios},
  };
}

}  // namespace imdsd::daemon
