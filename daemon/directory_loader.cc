// SPDX-License-Identifier: MIT
#include "daemon/directory_loader.h"

#include <utility>

namespace imdsd::daemon {
namespace {

/// Builder errors begin with the entity: "role `app-role`: …".
ConfigProblem placed(const base::Error& error, const std::vector<DeclaredAt>& places) {
  for (const auto& place : places) {
    if (error.message.starts_with(place.label + ": ")) {
      return {place.at, place.key, error.message};
    }
  }
  return {{}, "", error.message};
}

}  // namespace

tl::expected<BuiltDirectory, std::vector<ConfigProblem>> build_directory(
    iam::Declarations declarations, const std::vector<DeclaredAt>& places,
    std::string_view kept_ids, const std::string& ids_source, base::Random& random) {
  iam::UniqueIds ids;
  if (!kept_ids.empty()) {
    auto kept = iam::UniqueIds::from_json(kept_ids);
    if (!kept) {
      return tl::unexpected(std::vector{ConfigProblem{
          {ids_source},
          "",
          kept.error().message + "; restore it, or remove it, which ends all sessions"}});
    }
    ids = *std::move(kept);
  }
  auto directory = iam::DirectoryBuilder::build(std::move(declarations), ids, random);
  if (!directory) {
    std::vector<ConfigProblem> problems;
    for (const auto& error : directory.error()) problems.push_back(placed(error, places));
    sort_problems(problems);
    return tl::unexpected(std::move(problems));
  }
  BuiltDirectory built;
  built.directory = *std::move(directory);
  built.forgotten = ids.drop_unused();
  built.unique_ids = ids.to_json();
  return built;
}

}  // namespace imdsd::daemon
