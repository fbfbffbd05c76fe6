// SPDX-License-Identifier: MIT
// Any text is a policy or an error with a text; a policy that parses can be evaluated, the decision
// told, and the policy looked through for what does nothing.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "iam/authorization_message.h"
#include "iam/evaluate.h"
#include "iam/explain.h"
#include "iam/policy_document.h"
#include "iam/policy_lint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace imdsd::iam;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const PolicyKind kind : {PolicyKind::identity, PolicyKind::managed, PolicyKind::trust,
                                PolicyKind::resource, PolicyKind::boundary, PolicyKind::session}) {
    auto parsed = parse_policy(text, kind);
    if (!parsed) {
      if (parsed.error().message.empty()) std::abort();
      continue;
    }
    auto document = std::make_shared<const PolicyDocument>(std::move(parsed->document));
    const auto policy =
        std::make_shared<const NamedPolicy>(NamedPolicy{"fuzz", "", std::move(document)});
    if (lint_policy(*policy->document).size() > kMaxLintWarnings) std::abort();
    Caller caller;
    caller.principal = {.type = PrincipalType::user,
                        .account = "123456789012",
                        .arn = "arn:aws:iam::123456789012:user/dev",
                        .entity_arn = "arn:aws:iam::123456789012:user/dev",
                        .entity_id = "AIDA0",
                        .user_id = "AIDA0",
                        .name = "dev",
                        .session_name = ""};
    RequestContext request;
    request.caller = &caller;
    request.action = "sts:AssumeRole";
    request.resource_account = "123456789012";
    request.keys.set("aws:username", "dev");
    request.keys.set("aws:SourceIp", "127.0.0.1");
    request.keys.set("aws:CurrentTime", "2026-01-01T00:00:00Z");
    PolicySet set;
    if (kind == PolicyKind::identity) {
      set.identity.push_back(policy);
    } else {
      set.resource = policy;
    }
    const Decision decision = evaluate(set, request);
    if (explain(set, request, decision).empty() || explain_json(set, request, decision).empty() ||
        authorization_message(request, decision).empty()) {
      std::abort();
    }
  }
  return 0;
}
