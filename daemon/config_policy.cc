// SPDX-License-Identifier: MIT
#include "daemon/config_policy.h"

#include <algorithm>
#include <utility>

#include "daemon/toml_string.h"
#include "iam/policy_lint.h"

namespace imdsd::daemon {
namespace {

/// Where in the file an error inside a policy stands.
ConfigPosition place(const ConfigDocument& document, const iam::PolicyError& error,
                     const ConfigContext& context) {
  ConfigPosition at = document.at;
  if (error.line == 0) return at;
  const TextPosition inside{error.line, std::max(error.column, 1U)};
  if (document.in_own_file) {
    at.line = inside.line;
    at.column = inside.column;
  } else if (at.line != 0) {
    const auto found = position_in_toml_string(context.input.text, {at.line, at.column}, inside);
    at.line = found.line;
    at.column = found.column;
  }
  return at;
}

}  // namespace

std::optional<iam::PolicyDocument> read_policy(const ConfigSection& section, const std::string& key,
                                               iam::PolicyKind kind, const ConfigContext& context) {
  const auto document = read_document(section, key, true, context);
  if (!document) return std::nullopt;
  auto parsed = iam::parse_policy(document->text, kind);
  if (!parsed) {
    const iam::PolicyError& error = parsed.error();
    section.add_problem_at(
        place(*document, error, context), key,
        error.detail.empty() ? error.message : error.message + " (" + error.detail + ")");
    return std::nullopt;
  }
  auto warnings = std::move(parsed->warnings);
  for (auto& warning : iam::lint_policy(parsed->document)) warnings.push_back(std::move(warning));
  for (const auto& warning : warnings) {
    context.warnings.push_back(
        {place(*document, warning, context), section.path_of(key), warning.message});
  }
  return std::move(parsed->document);
}

}  // namespace imdsd::daemon
