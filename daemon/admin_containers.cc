// SPDX-License-Identifier: MIT
#include "daemon/admin_containers.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "aws/query_protocol.h"
#include "aws/time_format.h"
#include "daemon/paths.h"

namespace imdsd::daemon {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json path_or_null(const std::string& path) {
  return path.empty() ? Json(nullptr) : Json(absolute_path(path));
}

const sts_client::RotationState* find_state(const ContainerReport& report, const std::string& id) {
  const auto found =
      std::find_if(report.rotation.begin(), report.rotation.end(),
                   [&](const auto& state) { return state.instance.instance_id == id; });
  return found == report.rotation.end() ? nullptr : &*found;
}

/// As of an instance in /v1/status.
void add_credentials(const ContainerReport& report, const std::string& id, Json& out) {
  const auto* const state = find_state(report, id);
  const bool has_sets = state != nullptr && state->sets;
  const bool expired = has_sets && state->sets->expiration() <= report.now;
  out["role"] = state == nullptr ? Json(nullptr) : Json(state->instance.role_name);
  out["state"] = state == nullptr ? "none" : !has_sets ? "failed" : expired ? "expired" : "valid";
  out["access_key_id"] = has_sets ? Json(state->sets->imdsv2->access_key_id) : Json(nullptr);
  out["expiration"] =
      has_sets ? Json(aws::format_iso8601(state->sets->expiration())) : Json(nullptr);
  out["next_rotation"] =
      state == nullptr ? Json(nullptr) : Json(aws::format_iso8601(state->next_attempt));
  out["error"] = state != nullptr && state->failure ? Json(state->failure->message) : Json(nullptr);
}

Json task_json(const ContainerReport& report, const containers::ServedTask& task) {
  const bool has_role = task.credentials != nullptr;
  Json out = {{"task_arn", task.description.arn},
              {"family", task.description.family},
              {"credentials_path",
               has_role ? Json("/v2/credentials/" + task.credentials_id) : Json(nullptr)}};
  add_credentials(report, task.description.arn, out);
  out["containers"] = Json::array();
  for (const auto& each : task.description.containers) {
    out["containers"].push_back({{"name", each.name},
                                 {"docker_id", each.docker_id},
                                 {"metadata_path_v4", "/v4/" + each.endpoint_id},
                                 {"metadata_path_v3", "/v3/" + each.endpoint_id}});
  }
  return out;
}

base::Result<std::string> process_credentials(const ContainerActions& actions,
                                              const base::HttpRequest& request) {
  IMDSD_TRY(const auto parameters, aws::QueryParameters::parse(request.query()));
  std::string instance, role;
  for (const auto& [name, value] : parameters.all()) {
    if (name != "instance" && name != "role") {
      return base::fail(base::Errc::invalid_argument, "unknown parameter `" + name + "`");
    }
    (name == "role" ? role : instance) = value;
  }
  IMDSD_TRY(auto document, actions.process_credentials(instance, role));
  // INVARIANT: it has this member.
  const auto key = Json::parse(document).at("AccessKeyId").get<std::string>();
  actions.delivered(instance, key, request);
  return document;
}

}  // namespace

std::string containers_json(const ContainerReport& report) {
  Json tasks = Json::array(), associations = Json::array();
  for (const auto& task : report.plan->tasks->tasks()) tasks.push_back(task_json(report, *task));
  for (std::size_t i = 0; i < report.plan->associations.size(); ++i) {
    const auto& association = report.plan->associations[i];
    Json out = {{"association_arn", association.arn},
                {"namespace", association.name_space},
                {"service_account", association.service_account},
                {"authorization_token_file", path_or_null(report.token_files.at(i))}};
    add_credentials(report, association.arn, out);
    associations.push_back(std::move(out));
  }
  const Json json = {
      {"ecs",
       {{"endpoint", text_or_null(report.ecs_endpoint)},
        {"authorization_token_file", path_or_null(report.plan->authorization_token_file)},
        {"tasks", std::move(tasks)}}},
      {"eks",
       {{"endpoint", text_or_null(report.eks_endpoint)},
        {"pod_identity_associations", std::move(associations)}}}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<AdminRoute> container_routes(ContainerActions actions) {
  const auto shared = std::make_shared<const ContainerActions>(std::move(actions));
  return {{"GET", "/v1/containers",
           [shared](const base::HttpRequest&) {
             return admin_answer(200, containers_json(shared->report()));
           }},
          {"GET", "/v1/credential-process", [shared](const base::HttpRequest& request) {
             auto document = process_credentials(*shared, request);
             return document ? admin_answer(200, *std::move(document) + "\n")
                             : admin_error(document.error());
           }}};
}

}  // namespace imdsd::daemon
