// SPDX-License-Identifier: MIT
#include "iam/api/policy_input.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "iam/api/errors.h"
#include "iam/policy_lint.h"
#include "iam/principal_binding.h"

namespace imdsd::iam::api {
namespace {

/// A byte that begins a character; in UTF-8 the others are 10xxxxxx.
bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

aws::Outcome<PolicyDocument> read_policy(std::string_view text, PolicyKind kind,
                                         const std::string& owner) {
  auto parsed = parse_policy(text, kind);
  if (!parsed) {
    const PolicyError& error = parsed.error();
    base::log_info("malformed policy refused", {{"owner", owner},
                                                {"error", error.message},
                                                {"detail", error.detail},
                                                {"line", error.line},
                                                {"column", error.column}});
    return malformed_policy(error.message);
  }
  std::vector<PolicyError> warnings = std::move(parsed->warnings);
  for (PolicyError& warning : lint_policy(parsed->document)) warnings.push_back(std::move(warning));
  for (const PolicyError& warning : warnings) {
    base::log_warn("policy has an oddity", {{"owner", owner},
                                            {"warning", warning.message},
                                            {"line", warning.line},
                                            {"column", warning.column}});
  }
  return std::move(parsed->document);
}

aws::Outcome<std::shared_ptr<const PolicyDocument>> bind_trust_policy(PolicyDocument document,
                                                                      const Directory& directory) {
  if (const auto bound = bind_principals(document, directory); !bound) {
    return malformed_policy("Invalid principal in policy: \"AWS\":\"" + bound.error() + "\"");
  }
  return std::make_shared<const PolicyDocument>(std::move(document));
}

std::size_t policy_size(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return begins_character(c) && !is_space(c); }));
}

}  // namespace imdsd::iam::api
