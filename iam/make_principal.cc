// SPDX-License-Identifier: MIT
#include "iam/make_principal.h"

#include <string>

#include "aws/arn.h"

namespace imdsd::iam {
namespace {

std::string arn_of(std::string_view partition, std::string_view service, std::string_view account,
                   std::string resource) {
  return aws::Arn{std::string(partition), std::string(service), "", std::string(account),
                  std::move(resource)}
      .to_string();
}

}  // namespace

Principal role_session_principal(const Role& role, std::string_view session_name,
                                 std::string_view partition) {
  const std::string session(session_name);
  return {
      .type = PrincipalType::assumed_role,
      .account = role.account,
      .arn = arn_of(partition, "sts", role.account, "assumed-role/" + role.name + "/" + session),
      .entity_arn = arn_of(role, partition),
      .entity_id = role.unique_id,
      .user_id = role.unique_id + ":" + session,
      .name = role.name,
      .session_name = session};
}

Principal user_principal(const User& user, std::string_view partition) {
  const std::string arn = arn_of(user, partition);
  return {.type = PrincipalType::user,
          .account = user.account,
          .arn = arn,
          .entity_arn = arn,
          .entity_id = user.unique_id,
          .user_id = user.unique_id,
          .name = user.name,
          .session_name = ""};
}

Principal federated_user_principal(std::string_view account, std::string_view user_id,
                                   std::string_view name, std::string_view partition) {
  const std::string session(name);
  const std::string arn = arn_of(partition, "sts", account, "federated-user/" + session);
  return {.type = PrincipalType::federated_user,
          .account = std::string(account),
          .arn = arn,
          .entity_arn = arn,
          .entity_id = std::string(user_id),
          .user_id = std::string(account) + ":" + session,
          .name = session,
          .session_name = session};
}

Principal root_principal(std::string_view account, std::string_view partition) {
  const std::string id(account);
  const std::string arn = arn_of(partition, "iam", account, "root");
  return {.type = PrincipalType::account_root,
          .account = id,
          .arn = arn,
          .entity_arn = arn,
          .entity_id = id,
          .user_id = id,
          .name = "",
          .session_name = ""};
}

Principal service_principal(std::string_view name) {
  const std::string service(name);
  return {.type = PrincipalType::service,
          .account = "",
          .arn = "",
          .entity_arn = "",
          .entity_id = "",
          .user_id = "",
          .name = service,
          .session_name = ""};
}

}  // namespace imdsd::iam
