// SPDX-License-Identifier: MIT
#include "daemon/config_policy.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "daemon/config_values.h"
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
                                               iam::PolicyKind kind, const ConfigContext& context,
                                               CheckPolicy check) {
  const auto document = read_document(section, key, true, context);
  if (!document) return std::nullopt;
  const auto refuse = [&](const iam::PolicyError& error) {
    section.add_problem_at(
        place(*document, error, context), key,
        error.detail.empty() ? error.message : error.message + " (" + error.detail + ")");
    return std::nullopt;
  };
  auto parsed = iam::parse_policy(document->text, kind);
  if (!parsed) return refuse(parsed.error());
  auto warnings = std::move(parsed->warnings);
  for (auto& warning : iam::lint_policy(parsed->document)) warnings.push_back(std::move(warning));
  if (check != nullptr) {
    auto checked = check(parsed->document);
    if (!checked) return refuse(checked.error());
    for (auto& warning : *checked) warnings.push_back(std::move(warning));
  }
  for (const auto& warning : warnings) {
    context.warnings.push_back(
        {place(*document, warning, context), section.path_of(key), warning.message});
  }
  return std::move(parsed->document);
}

std::vector<iam::NamedPolicy> read_policies(const ConfigSection& section, const std::string& key,
                                            iam::PolicyKind kind, const ConfigContext& context,
                                            CheckPolicy check) {
  std::vector<iam::NamedPolicy> out;
  std::set<std::string> names;
  for (const auto& item : section.sections(key)) {
    iam::NamedPolicy named;
    item.read_required("name", named.name,
                       [](const ConfigNode& node) { return iam_name(node, kPolicyNameChars); });
    if (!named.name.empty() && !names.insert(named.name).second) {
      item.add_problem("name", "policy `" + named.name + "` is there twice");
    }
    if (auto document = read_policy(item, "document", kind, context, check)) {
      named.document = std::make_shared<const iam::PolicyDocument>(*std::move(document));
      out.push_back(std::move(named));
    }
  }
  return out;
}

}  // namespace imdsd::daemon
