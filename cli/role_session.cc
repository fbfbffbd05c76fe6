// SPDX-License-Identifier: MIT
#include "cli/role_session.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace imdsd::cli {

base::Result<std::vector<Variable>> session_variables(std::string_view body) {
  constexpr struct {
    const char *member, *variable;
  } kNames[] = {{"AccessKeyId", "AWS_ACCESS_KEY_ID"},
                {"SecretAccessKey", "AWS_SECRET_ACCESS_KEY"},
                {"SessionToken", "AWS_SESSION_TOKEN"},
                {"Expiration", "AWS_CREDENTIAL_EXPIRATION"}};
  const auto json = nlohmann::json::parse(body, nullptr, false);
  std::vector<Variable> out;
  for (const auto& name : kNames) {
    if (!json.is_object() || !json.contains(name.member) || !json[name.member].is_string()) {
      return base::fail(base::Errc::corrupt,
                        "imdsd's answer cannot be read: is it of version " IMDSD_VERSION "?");
    }
    out.push_back({name.variable, json[name.member].get<std::string>()});
  }
  return out;
}

std::vector<Variable> with_session(std::vector<Variable> environment,
                                   const std::vector<Variable>& session) {
  std::erase_if(environment, [&](const Variable& variable) {
    return std::any_of(session.begin(), session.end(),
                       [&](const Variable& each) { return each.name == variable.name; });
  });
  environment.insert(environment.end(), session.begin(), session.end());
  return environment;
}

}  // namespace imdsd::cli
