// SPDX-License-Identifier: MIT
#pragma once

#include <string>

/// Texts of policies with one statement, to be parsed.
namespace imdsd::iam::policy_text {

inline const std::string kPrincipal = R"("Principal":{"AWS":"123456789012"})";

/// The rest of a statement that allows.
inline std::string statement(const std::string& rest) {
  return R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",)" + rest + "}}";
}

inline std::string with_resource(const std::string& resource) {
  return statement(R"("Action":"s3:*","Resource":")" + resource + "\"");
}

inline std::string with_action(const std::string& action) {
  return statement(R"("Resource":"*","Action":)" + action);
}

inline std::string with_condition(const std::string& condition) {
  return statement(R"("Resource":"*","Action":"*","Condition":)" + condition);
}

}  // namespace imdsd::iam::policy_text
