// SPDX-License-Identifier: MIT
#include "iam/api/linked_roles.h"

#include <memory>
#include <utility>

#include "aws/ids.h"
#include "iam/api/errors.h"
#include "iam/api/find.h"
#include "iam/api/linked_services.h"
#include "iam/api/policy_input.h"
#include "iam/api/shapes.h"
#include "iam/remove_entity.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

Outcome<LinkedService> find_service(std::string_view principal) {
  const LinkedService* const found = find_linked_service(principal);
  if (found == nullptr)
    return invalid_input("Invalid service principal: " + std::string(principal));
  return *found;
}

std::string trust_policy_of(std::string_view service) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":")" +
         std::string(service) + R"("},"Action":"sts:AssumeRole"}]})";
}

Outcome<std::string> role_name(const Call& call, const LinkedService& service) {
  std::string name(service.role);
  const std::string suffix = call.text("CustomSuffix");
  if (suffix.empty()) return name;
  if (!service.takes_suffix) {
    return invalid_input("Custom suffix is not allowed for " + std::string(service.principal));
  }
  return name + "_" + suffix;
}

constexpr std::string_view kTaskStart = "task";
constexpr std::size_t kUuidLength = 36;

/// "task/aws-service-role/SERVICE/NAME/UUID": the name; empty for what is no such id.
std::string role_of_task(std::string_view task) {
  const std::string start = std::string(kTaskStart) + linked_role_path("");
  const std::string_view prefix = std::string_view(start).substr(0, start.size() - 1);
  if (!task.starts_with(prefix)) return "";
  const std::size_t end = task.rfind('/');
  if (task.size() - end - 1 != kUuidLength) return "";
  const std::string_view path_and_name = task.substr(0, end);
  const std::size_t name_at = path_and_name.rfind('/') + 1;
  return name_at <= prefix.size() ? "" : std::string(path_and_name.substr(name_at));
}

}  // namespace

std::string linked_role_path(std::string_view service) {
  return "/aws-service-role/" + std::string(service) + "/";
}

Outcome<void> check_modifiable(const Role& role) {
  if (role.linked_service.empty()) return {};
  return unmodifiable("Cannot perform the operation on the protected role '" + role.name +
                      "' - this role is only modifiable by AWS");
}

Outcome<void> create_linked_role(Call& call) {
  const auto service = find_service(call.text("AWSServiceName"));
  if (!service) return tl::unexpected(service.error());
  Role role;
  auto name = role_name(call, *service);
  if (!name) return tl::unexpected(std::move(name).error());
  role.name = *std::move(name);
  auto trust = read_policy(trust_policy_of(service->principal), PolicyKind::trust,
                           "role `" + role.name + "`");
  if (!trust) return tl::unexpected(std::move(trust).error());
  role.account = call.account();
  role.path = linked_role_path(service->principal);
  role.description = call.text("Description");
  role.linked_service = service->principal;
  role.trust_policy = {kTrustPolicyName, "",
                       std::make_shared<const PolicyDocument>(*std::move(trust))};
  auto written = call.write([&](Transaction& transaction) -> Outcome<void> {
    if (transaction.directory().find<Role>(role.account, role.name)) {
      return invalid_input("Service role name " + role.name +
                           " has been taken in this account, please try a different suffix.");
    }
    role.unique_id = transaction.new_unique_id(aws::IdPrefix::AROA, role.account);
    role.created = transaction.now();
    transaction.put(role);
    return {};
  });
  if (!written) return written;
  call.xml.open("Role");
  write_role(call.xml, call, role, Detail::created);
  call.xml.close();
  return {};
}

/// AWS asks the service whether it still needs the role, and lets the caller wait for the answer.
/// No service is here to need it.
Outcome<void> delete_linked_role(Call& call) {
  std::string task(kTaskStart);
  auto written = call.write([&](Transaction& transaction) -> Outcome<void> {
    auto role = find_role(call, transaction.directory());
    if (!role) return tl::unexpected(std::move(role).error());
    if ((*role)->linked_service.empty()) return cannot_be_found("role", (*role)->name);
    task += (*role)->path + (*role)->name + "/" + aws::make_uuid(transaction.random());
    remove_entity(*role, transaction);
    return {};
  });
  if (!written) return written;
  call.xml.leaf("DeletionTaskId", task);
  return {};
}

Outcome<void> get_deletion_status(Call& call) {
  const std::string task = call.text("DeletionTaskId");
  const std::string role = role_of_task(task);
  if (role.empty() || call.directory->find<Role>(call.account(), role)) {
    return no_such_entity("The deletion task " + task + " cannot be found.");
  }
  call.xml.leaf("Status", "SUCCEEDED");
  return {};
}

}  // namespace imdsd::iam::api
