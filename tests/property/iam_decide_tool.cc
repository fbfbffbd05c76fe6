// SPDX-License-Identifier: MIT
// Decides the requests on standard input, one JSON object a line, for test_iam_differential.py:
// {"principal": ARN of a user or a role session, "action", "resource", "resource_account",
//  "keys": {name: [value, …]}, "identity": [policy, …], and where there are any "resource_policy",
//  "boundary", "session": policy}. Prints "allowed", "explicit deny", "implicit deny", or "error
//  …".
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "iam/evaluate.h"

namespace imdsd::iam {
namespace {

using Json = nlohmann::json;

PolicyPointer policy(const Json& text, PolicyKind kind) {
  auto parsed = parse_policy(text.dump(), kind);
  if (!parsed) throw std::runtime_error(parsed.error().message + " " + parsed.error().detail);
  return std::make_shared<const NamedPolicy>(
      NamedPolicy{"p", "", std::make_shared<const PolicyDocument>(std::move(parsed->document))});
}

Principal principal(const std::string& text) {
  const auto arn = aws::Arn::parse(text);
  if (!arn) throw std::runtime_error(arn.error().message);
  Principal out;
  out.account = arn->account;
  out.arn = text;
  if (arn->resource.starts_with("user/")) {
    out.type = PrincipalType::user;
    out.entity_arn = text;
    return out;
  }
  const std::string session = arn->resource.substr(std::string("assumed-role/").size());
  out.type = PrincipalType::assumed_role;
  out.entity_arn = "arn:aws:iam::" + arn->account + ":role/" + session.substr(0, session.find('/'));
  return out;
}

PolicySet policies_of(const Json& line) {
  PolicySet out;
  for (const Json& text : line.at("identity")) {
    out.identity.push_back(policy(text, PolicyKind::identity));
  }
  if (line.contains("resource_policy")) {
    out.resource = policy(line["resource_policy"], PolicyKind::resource);
  }
  if (line.contains("boundary")) out.boundary = policy(line["boundary"], PolicyKind::boundary);
  if (line.contains("session")) {
    out.session = PolicyList{policy(line["session"], PolicyKind::session)};
  }
  return out;
}

std::string_view decide(const Json& line) {
  Caller caller;
  caller.principal = principal(line.at("principal"));
  const auto resource = aws::Arn::parse(line.at("resource").get<std::string>());
  if (!resource) throw std::runtime_error(resource.error().message);
  RequestContext request{&caller, line.at("action"), *resource, line.at("resource_account"), {}};
  for (const auto& [key, values] : line.at("keys").items()) {
    request.keys.set(key, values.get<std::vector<std::string>>());
  }
  return reason_name(evaluate(policies_of(line), request).reason);
}

}  // namespace
}  // namespace imdsd::iam

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    try {
      std::cout << imdsd::iam::decide(nlohmann::json::parse(line)) << '\n';
    } catch (const std::exception& error) {
      std::cout << "error " << error.what() << '\n';
    }
  }
  return 0;
}
