// SPDX-License-Identifier: MIT
#include "cli/container_environment.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "reach/well_known.h"

namespace imdsd::cli {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using Json = nlohmann::json;

std::string url_of(const base::IpAddress& address) {
  return "http://" + address.to_string();
}

/// Empty for null.
std::string text(const Json& object, const char* name) {
  return object.contains(name) && object[name].is_string() ? object[name].get<std::string>()
                                                           : std::string();
}

/// As the variables have it in containers: without the port that it has by itself. Empty for a door
/// that is closed.
std::string endpoint_of(const Json& door, const base::IpAddress& built_in,
                        const ContainerChoice& choice) {
  std::string endpoint = text(door, "endpoint");
  if (!endpoint.empty() && choice.at_built_in_address) return url_of(built_in);
  constexpr std::string_view kPort = ":80";
  if (endpoint.ends_with(kPort)) endpoint.resize(endpoint.size() - kPort.size());
  return endpoint;
}

std::string host_of(std::string_view endpoint) {
  std::string_view host = endpoint.substr(endpoint.find("//") + 2);
  if (host.starts_with('[')) return std::string(host.substr(1, host.find(']') - 1));
  return std::string(host.substr(0, host.find(':')));
}

bool is_task(const Json& task, const std::string& wanted) {
  const std::string arn = text(task, "task_arn");
  return wanted.empty() || wanted == arn || wanted == text(task, "family") ||
         arn.ends_with("/" + wanted);
}

/// The first of `list` that `fits`; null without one.
template <class Fits>
const Json* find(const Json& list, const Fits& fits) {
  const auto found = std::find_if(list.begin(), list.end(), fits);
  return found == list.end() ? nullptr : &*found;
}

Result<ContainerVariables> of_task(const Json& ecs, const ContainerChoice& choice) {
  const std::string endpoint = endpoint_of(ecs, reach::ecs_v4(), choice);
  if (endpoint.empty()) {
    return fail(Errc::not_found, "imdsd serves no tasks: name an address in ecs.listen");
  }
  const Json* const task =
      find(ecs["tasks"], [&](const Json& t) { return is_task(t, choice.task); });
  if (task == nullptr) return fail(Errc::not_found, "there is no task `" + choice.task + "`");
  const Json* const container = find((*task)["containers"], [&](const Json& each) {
    return choice.container.empty() || text(each, "name") == choice.container;
  });
  if (container == nullptr) {
    return fail(Errc::not_found,
                "task `" + text(*task, "family") + "` has no container `" + choice.container + "`");
  }
  const std::string path = text(*task, "credentials_path");
  if (path.empty()) {
    return fail(Errc::not_found, "task `" + text(*task, "family") +
                                     "` has no role, so that there are no credentials: name one in "
                                     "ecs.task.*.role");
  }
  ContainerVariables out{{}, host_of(endpoint)};
  const bool relative = endpoint == url_of(reach::ecs_v4());
  out.variables.push_back(
      {relative ? "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" : "AWS_CONTAINER_CREDENTIALS_FULL_URI",
       relative ? path : endpoint + path});
  if (const auto file = text(ecs, "authorization_token_file"); !file.empty()) {
    out.variables.push_back({"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file});
  }
  out.variables.push_back(
      {"ECS_CONTAINER_METADATA_URI_V4", endpoint + text(*container, "metadata_path_v4")});
  out.variables.push_back(
      {"ECS_CONTAINER_METADATA_URI", endpoint + text(*container, "metadata_path_v3")});
  return out;
}

Result<ContainerVariables> of_pod(const Json& eks, const ContainerChoice& choice) {
  const std::string endpoint = endpoint_of(eks, reach::eks_v4(), choice);
  if (endpoint.empty()) {
    return fail(Errc::not_found, "imdsd serves no pods: name an address in eks.listen");
  }
  const auto fits = [&](const Json& each, const char* name, const std::string& wanted) {
    return wanted.empty() || text(each, name) == wanted;
  };
  const Json* const association = find(eks["pod_identity_associations"], [&](const Json& each) {
    return fits(each, "namespace", choice.name_space) &&
           fits(each, "service_account", choice.service_account);
  });
  if (association == nullptr) {
    return fail(Errc::not_found,
                "no role is associated with such a service account: declare "
                "[[eks.pod_identity_association]]");
  }
  return ContainerVariables{
      {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint + "/v1/credentials"},
       {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", text(*association, "authorization_token_file")}},
      host_of(endpoint)};
}

bool readable(const Json& json) {
  const auto has_list = [&](const char* door, const char* list) {
    return json.contains(door) && json[door].is_object() && json[door].contains(list) &&
           json[door][list].is_array();
  };
  if (!json.is_object() || !has_list("ecs", "tasks") ||
      !has_list("eks", "pod_identity_associations")) {
    return false;
  }
  const auto& tasks = json["ecs"]["tasks"];
  return std::all_of(tasks.begin(), tasks.end(), [](const Json& task) {
    return task.is_object() && task.contains("containers") && task["containers"].is_array();
  });
}

Result<Json> parse(std::string_view body) {
  Json json = Json::parse(body, nullptr, false);
  if (readable(json)) return json;
  return fail(Errc::corrupt, "imdsd's answer cannot be read: is it of version " IMDSD_VERSION "?");
}

}  // namespace

Result<OpenDoors> open_doors(std::string_view body) {
  IMDSD_TRY(const auto json, parse(body));
  return OpenDoors{!text(json["ecs"], "endpoint").empty(), !text(json["eks"], "endpoint").empty()};
}

Result<ContainerVariables> container_variables(std::string_view body,
                                               const ContainerChoice& choice) {
  IMDSD_TRY(const auto json, parse(body));
  return choice.door == Door::eks ? of_pod(json["eks"], choice) : of_task(json["ecs"], choice);
}

std::vector<Variable> through_door(std::vector<Variable> environment,
                                   const std::vector<Variable>& door) {
  std::vector<Variable> set = door;
  // Or a client that finds no credentials would look for a real instance's.
  set.push_back({"AWS_EC2_METADATA_DISABLED", "true"});
  set.push_back({"AWS_EC2_METADATA_SERVICE_ENDPOINT", std::nullopt});
  std::erase_if(environment, [&](const Variable& variable) {
    return std::any_of(set.begin(), set.end(),
                       [&](const Variable& each) { return each.name == variable.name; });
  });
  environment.insert(environment.begin(), set.begin(), set.end());
  return environment;
}

}  // namespace imdsd::cli
