// SPDX-License-Identifier: MIT
#include "iam/principal_binding.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "aws/arn.h"

namespace imdsd::iam {
namespace {

template <class Document, class Visit>
void visit_entities(Document& document, Visit visit) {
  for (auto& statement : document.statements) {
    for (auto* list : {&statement.principals, &statement.not_principals}) {
      if (!list->has_value()) continue;
      for (auto& principal : **list) {
        if (principal.kind == PrincipalPattern::Kind::entity) visit(principal);
      }
    }
  }
}

template <class T>
std::optional<std::string> id_of(const Directory& directory, const aws::Arn& arn) {
  const std::string_view resource = arn.resource;
  const auto entity = directory.find<T>(arn.account, resource.substr(resource.rfind('/') + 1));
  // Names are unique without case, but principals name them with it, and with their path.
  if (!entity || arn_of(*entity, arn.partition) != arn.to_string()) return std::nullopt;
  return entity->unique_id;
}

std::optional<std::string> find_id(const PrincipalPattern& principal, const Directory& directory) {
  if (!principal.unique_id.empty()) {
    const bool exists = directory.find_by_id<User>(principal.unique_id) ||
                        directory.find_by_id<Role>(principal.unique_id);
    return exists ? std::optional(principal.unique_id) : std::nullopt;
  }
  const auto arn = aws::Arn::parse(principal.value);
  if (!arn) return std::nullopt;
  return arn->resource.starts_with("user/") ? id_of<User>(directory, *arn)
                                            : id_of<Role>(directory, *arn);
}

/// The ARN that the principal has now, in the partition it was named in; its id when it is gone.
std::string current_name(const PrincipalPattern& principal, const Directory& directory,
                         std::string_view default_partition) {
  const auto arn = aws::Arn::parse(principal.value);
  const std::string partition = arn ? arn->partition : std::string(default_partition);
  if (const auto user = directory.find_by_id<User>(principal.unique_id)) {
    return arn_of(*user, partition);
  }
  if (const auto role = directory.find_by_id<Role>(principal.unique_id)) {
    return arn_of(*role, partition);
  }
  return principal.unique_id;
}

/// The text with other names for its entities.
template <class Name>
std::string with_names(const PolicyDocument& document, Name name_of) {
  struct Replacement {
    std::size_t at, size;
    std::string text;
  };
  std::vector<Replacement> replacements;
  visit_entities(document, [&](const PrincipalPattern& principal) {
    std::string name = name_of(principal);
    if (name != principal.value) {
      replacements.push_back({principal.text_at, principal.text_size, "\"" + name + "\""});
    }
  });
  // From the end, so that the places in front of one stay where they are.
  std::sort(replacements.begin(), replacements.end(),
            [](const Replacement& a, const Replacement& b) { return a.at > b.at; });
  std::string text = document.text;
  for (const auto& [at, size, replacement] : replacements) text.replace(at, size, replacement);
  return text;
}

}  // namespace

tl::expected<void, std::string> bind_principals(PolicyDocument& document,
                                                const Directory& directory) {
  std::optional<std::string> missing;
  visit_entities(document, [&](PrincipalPattern& principal) {
    if (auto id = find_id(principal, directory)) {
      principal.unique_id = *std::move(id);
    } else if (!missing) {
      missing = principal.value;
    }
  });
  if (missing) return tl::unexpected(*std::move(missing));
  return {};
}

PrincipalBindings bindings_of(const PolicyDocument& document) {
  PrincipalBindings bindings;
  visit_entities(document, [&](const PrincipalPattern& principal) {
    bindings.emplace(principal.value, principal.unique_id);
  });
  return bindings;
}

void restore_bindings(PolicyDocument& document, const PrincipalBindings& bindings) {
  visit_entities(document, [&](PrincipalPattern& principal) {
    const auto found = bindings.find(principal.value);
    if (found != bindings.end()) principal.unique_id = found->second;
  });
}

std::string current_text(const PolicyDocument& document, const Directory& directory,
                         std::string_view partition) {
  return with_names(document, [&](const PrincipalPattern& principal) {
    return current_name(principal, directory, partition);
  });
}

std::string bound_text(const PolicyDocument& document) {
  return with_names(document, [](const PrincipalPattern& principal) {
    return principal.unique_id.empty() ? principal.value : principal.unique_id;
  });
}

}  // namespace imdsd::iam
