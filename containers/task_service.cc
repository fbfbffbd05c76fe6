// SPDX-License-Identifier: MIT
#include "containers/task_service.h"

#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "aws/query_string.h"
#include "base/log.h"
#include "containers/answers.h"
#include "iam/json_writer.h"

namespace imdsd::containers {
namespace {

using base::HttpRequest;
using base::HttpResponse;

ServedTask::Documents render(const TaskDescription& task, MetadataVersion version) {
  ServedTask::Documents out{
      task_metadata(task, version, false), task_metadata(task, version, true), {}};
  for (const auto& container : task.containers) {
    out.containers.push_back(container_metadata(task, container, version));
  }
  return out;
}

/// The agent's way of telling what is wrong with a request for metadata.
HttpResponse json_text(int status, std::string_view text) {
  iam::JsonWriter json;
  json.value(text);
  return json_answer(status, json.take());
}

/// imdsd runs no containers, and says of their stats what the agent says as long as it has none
/// (amazon-ecs-agent, agent/handlers/v2 and v4, NewTaskStatsResponse()).
HttpResponse stats_of_task(const TaskDescription& task, MetadataVersion version) {
  nlohmann::json stats;
  for (const auto& container : task.containers) {
    auto& none = stats[container.docker_id];
    if (version == MetadataVersion::v4) none = nlohmann::json::object();
  }
  return json_answer(200, stats.dump());
}

HttpResponse stats_of_container(std::string_view docker_id, MetadataVersion version) {
  return json_text(version == MetadataVersion::v4 ? 500 : 400,
                   "Unable to get container stats for: " + std::string(docker_id));
}

/// The path behind `prefix`.
std::optional<std::string_view> below(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return std::nullopt;
  return path.substr(prefix.size());
}

/// Requests for credentials, by either version of the path.
struct CredentialsRequest {
  std::string id;
  std::string_view version;  // "1"
};

HttpResponse credentials_error(const CredentialsRequest& asked, int status, std::string_view code,
                               std::string_view message) {
  const std::string text =
      "CredentialsV" + std::string(asked.version) + "Request: " + std::string(message);
  base::log_debug("no credentials for a task", {{"code", code}, {"reason", message}});
  iam::JsonWriter json;
  json.begin_object()
      .member("code", code)
      .member("message", text)
      .member("HTTPErrorCode", status)
      .end_object();
  return json_answer(status, json.take());
}

std::optional<CredentialsRequest> credentials_request(const HttpRequest& request) {
  const std::string_view path = request.path();
  if (path == "/v1/credentials") {
    return CredentialsRequest{aws::query_value(request.query(), "id").value_or(""), "1"};
  }
  if (const auto id = below(path, "/v2/credentials/")) {
    return CredentialsRequest{std::string(*id), "2"};
  }
  return std::nullopt;
}

HttpResponse give_credentials(const CredentialsRequest& asked, const HttpRequest& request,
                              const TaskTable& table, base::SystemTime now,
                              const DeliveryObserver& delivered) {
  const base::Secret& token = table.authorization_token();
  if (!token.empty()) {
    const auto given = request.headers.get("Authorization");
    if (!given) return credentials_error(asked, 403, "AccessDenied", "No authorization token");
    if (!base::constant_time_equal(*given, token.reveal())) {
      return credentials_error(asked, 403, "AccessDenied", "The authorization token is wrong");
    }
  }
  if (asked.id.empty()) {
    return credentials_error(asked, 400, "NoIdInRequest", "No Credential ID in the request");
  }
  const ServedTask* const task = table.find_credentials(asked.id);
  if (task == nullptr) {
    return credentials_error(asked, 400, "InvalidIdInRequest", "Credentials not found");
  }
  const auto credentials = task->credentials->load();
  if (credentials && credentials->usable(now)) {
    if (request.method == "GET") {
      delivered(task->description.arn, credentials->access_key_id, request);
    }
    return json_answer(200, credentials->document);
  }
  const std::string why = credentials && !credentials->failure.empty()
                              ? "Credentials uninitialized for ID: " + credentials->failure
                              : "Credentials uninitialized for ID";
  return credentials_error(asked, 503, "CredentialsUninitialized", why);
}

/// Of versions 3 and 4, which differ in their documents.
HttpResponse endpoint_metadata(std::string_view rest, MetadataVersion version,
                               const TaskTable& table) {
  const bool v4 = version == MetadataVersion::v4;
  const std::string_view id = rest.substr(0, rest.find('/'));
  const std::string_view what = rest.substr(id.size());
  const bool known = what.empty() || what == "/task" || what == "/taskWithTags" ||
                     what == "/stats" || what == "/task/stats";
  if (!known) return page_not_found();
  const TaskTable::Endpoint* const found = table.find_endpoint(id);
  if (found == nullptr) {
    return json_text(v4             ? 404
                     : what.empty() ? 500
                                    : 400,
                     std::string(v4 ? "V4" : "V3") +
                         " metadata handler: unable to get container ID from request: unable to "
                         "get docker ID from v3 endpoint ID: " +
                         std::string(id));
  }
  const auto& documents = v4 ? found->task->v4 : found->task->v3;
  if (what.empty()) return json_answer(200, documents.containers[found->container]);
  if (what == "/task") return json_answer(200, documents.task);
  if (what == "/taskWithTags") return json_answer(200, documents.task_with_tags);
  const TaskDescription& task = found->task->description;
  return what == "/stats" ? stats_of_container(task.containers[found->container].docker_id, version)
                          : stats_of_task(task, version);
}

/// Of version 2; `rest` stands behind /v2/stats.
HttpResponse only_task_stats(std::string_view rest, const ServedTask& task) {
  if (rest.empty() || rest == "/") return stats_of_task(task.description, MetadataVersion::v3);
  if (!rest.starts_with('/')) return page_not_found();
  return stats_of_container(rest.substr(1), MetadataVersion::v3);
}

/// Of version 2; `rest` stands behind /v2/metadata.
HttpResponse only_task_metadata(std::string_view rest, const ServedTask& task) {
  if (rest.empty() || rest == "/") return json_answer(200, task.v3.task);
  if (rest == "WithTags" || rest == "WithTags/") return json_answer(200, task.v3.task_with_tags);
  if (!rest.starts_with('/')) return page_not_found();
  const auto& containers = task.description.containers;
  for (std::size_t i = 0; i < containers.size(); ++i) {
    if (containers[i].docker_id == rest.substr(1)) return json_answer(200, task.v3.containers[i]);
  }
  return json_text(
      400, "Unable to generate metadata for container '" + std::string(rest.substr(1)) + "'");
}

HttpResponse metadata(std::string_view path, const TaskTable& table) {
  if (const auto rest = below(path, "/v4/")) {
    return endpoint_metadata(*rest, MetadataVersion::v4, table);
  }
  if (const auto rest = below(path, "/v3/")) {
    return endpoint_metadata(*rest, MetadataVersion::v3, table);
  }
  const auto rest = below(path, "/v2/metadata");
  const auto stats = below(path, "/v2/stats");
  if (!rest && !stats) return page_not_found();
  const ServedTask* const only = table.only_task();
  if (only != nullptr && only->description.network_mode != NetworkMode::awsvpc) {
    return json_text(400,
                     "Unable to get task arn from request: version 2 is for tasks in network mode "
                     "awsvpc");
  }
  if (only != nullptr) {
    return rest ? only_task_metadata(*rest, *only) : only_task_stats(*stats, *only);
  }
  return json_text(400,
                   "Unable to get task arn from request: version 2 is for a single task, and " +
                       std::to_string(table.tasks().size()) + " are declared");
}

}  // namespace

ServedTask::ServedTask(TaskDescription task, std::string credential_id,
                       std::shared_ptr<CredentialCell> credential_cell)
    : description(std::move(task)),
      credentials_id(std::move(credential_id)),
      credentials(std::move(credential_cell)),
      v3(render(description, MetadataVersion::v3)),
      v4(render(description, MetadataVersion::v4)) {}

TaskTable::TaskTable(std::vector<std::shared_ptr<const ServedTask>> tasks,
                     base::Secret authorization_token)
    : tasks_(std::move(tasks)), token_(std::move(authorization_token)) {
  for (const auto& task : tasks_) {
    if (task->credentials) by_credentials_.emplace(task->credentials_id, task.get());
    const auto& containers = task->description.containers;
    for (std::size_t i = 0; i < containers.size(); ++i) {
      by_endpoint_.emplace(containers[i].endpoint_id, Endpoint{task.get(), i});
    }
  }
}

const ServedTask* TaskTable::find_credentials(std::string_view id) const {
  const auto found = by_credentials_.find(id);
  return found == by_credentials_.end() ? nullptr : found->second;
}

const TaskTable::Endpoint* TaskTable::find_endpoint(std::string_view id) const {
  const auto found = by_endpoint_.find(id);
  return found == by_endpoint_.end() ? nullptr : &found->second;
}

const ServedTask* TaskTable::task_of(const HttpRequest& request) const {
  if (const auto asked = credentials_request(request)) return find_credentials(asked->id);
  for (const std::string_view prefix : {"/v4/", "/v3/"}) {
    if (const auto rest = below(request.path(), prefix)) {
      const Endpoint* const found = find_endpoint(rest->substr(0, rest->find('/')));
      return found == nullptr ? nullptr : found->task;
    }
  }
  return only_task();
}

const ServedTask* TaskTable::only_task() const {
  return tasks_.size() == 1 ? tasks_.front().get() : nullptr;
}

HttpResponse TaskService::handle(const HttpRequest& request) const {
  if (const auto reason = refusal(request)) {
    base::log_debug("request of a container refused", {{"reason", *reason}});
    return text_error(403, "Forbidden: " + std::string(*reason));
  }
  if (auto refused = refuse_method(request)) return *std::move(refused);
  const auto table = tasks_.load();
  if (!table) return text_error(503, "no configuration yet");
  if (const auto asked = credentials_request(request)) {
    return give_credentials(*asked, request, *table, clock_.now(), delivered_);
  }
  return metadata(request.path(), *table);
}

}  // namespace imdsd::containers
