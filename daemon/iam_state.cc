// SPDX-License-Identifier: MIT
#include "daemon/iam_state.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "base/log.h"
#include "base/nearest_name.h"
#include "daemon/container_plan.h"
#include "store/sqlite_store.h"

namespace imdsd::daemon {
namespace {

/// Errors begin with the entity: "role `app-role`: …".
ConfigProblem placed(const base::Error& error, const std::vector<DeclaredAt>& places) {
  for (const auto& place : places) {
    if (error.message.starts_with(place.label + ": ")) {
      return {place.at, place.key, error.message};
    }
  }
  return {{}, "", error.message};
}

/// Instances name profiles that the file declares, or that the API has made.
std::vector<ConfigProblem> missing_profiles(const Config& config, const iam::Directory& directory) {
  const std::string& account = config.aws.account_id;
  std::vector<ConfigProblem> problems;
  for (std::size_t i = 0; i < config.instances.size(); ++i) {
    const auto& instance = config.instances[i];
    if (instance.profile.empty() ||
        directory.find<iam::InstanceProfile>(account, instance.profile)) {
      continue;
    }
    std::vector<std::string> names;
    directory.all<iam::InstanceProfile>().visit(account, "", [&](const auto& profile) {
      names.push_back(profile->name);
      return true;
    });
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    problems.push_back({instance.profile_at, "instance." + std::to_string(i) + ".profile",
                        "there is no instance profile or role `" + instance.profile +
                            "` in account " + account +
                            base::suggest(instance.profile, candidates)});
  }
  return problems;
}

}  // namespace

base::Result<IamState> open_iam(const StateDir& state) {
  const std::string path = state.path_of(StateDir::kDatabase);
  auto store = store::SqliteStore::open(path);
  if (!store && store.error().code == base::Errc::unavailable) {
    const std::string reason = store.error().message;
    store = store::SqliteStore::open_read_only(path);
    if (!store) return base::fail(base::Errc::unavailable, reason);
    base::log_warn("users and roles cannot be changed", {{"error", reason}});
  }
  if (!store) return tl::unexpected(std::move(store).error());
  return load_iam(*std::move(store));
}

base::Result<IamState> load_iam(std::unique_ptr<iam::Store> store) {
  IamState state;
  IMDSD_TRY(auto content, store->load());
  IMDSD_TRY(state.directory, iam::make_directory(content.entities));
  state.usage = std::move(content.usage);
  state.store = std::move(store);
  return state;
}

tl::expected<iam::EnsureReport, std::vector<ConfigProblem>> ensure_declared(
    const Config& config, const iam::KnownIds& known_ids, iam::Transaction& transaction) {
  auto ensured = iam::ensure(config.iam, known_ids, transaction);
  auto problems = missing_profiles(config, transaction.directory());
  for (auto& problem : missing_container_roles(config, transaction.directory())) {
    problems.push_back(std::move(problem));
  }
  if (ensured) {
    for (const auto& error : s3::check_buckets(config.s3.buckets, transaction.directory())) {
      problems.push_back(placed(error, config.iam_places));
    }
  }
  if (ensured && problems.empty()) return *std::move(ensured);
  if (!ensured) {
    for (const auto& error : ensured.error()) problems.push_back(placed(error, config.iam_places));
  }
  sort_problems(problems);
  return tl::unexpected(std::move(problems));
}

std::vector<ConfigProblem> ensure_declared_buckets(const Config& config,
                                                   const iam::Directory& directory,
                                                   s3::Index& index, base::SystemTime now) {
  std::vector<ConfigProblem> problems;
  for (const auto& error : s3::ensure_buckets(config.s3.buckets, directory, index, now)) {
    problems.push_back(placed(error, config.iam_places));
  }
  sort_problems(problems);
  return problems;
}

base::Result<iam::KnownIds> read_former_ids(const StateDir& state) {
  IMDSD_TRY(const auto text, state.read(StateDir::kFormerIds));
  if (!text) return iam::KnownIds();
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (json.is_object() && json.contains("ids") && json["ids"].is_object()) {
    const nlohmann::json& known = json["ids"];
    iam::KnownIds ids;
    for (const auto& [key, id] : known.items()) {
      if (id.is_string()) ids.emplace(key, id.get<std::string>());
    }
    if (ids.size() == known.size()) return ids;
  }
  return base::fail(base::Errc::corrupt,
                    "`" + state.path_of(StateDir::kFormerIds) +
                        "` cannot be read; restore it, or remove it, which ends all sessions");
}

}  // namespace imdsd::daemon
