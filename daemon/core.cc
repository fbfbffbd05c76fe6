// SPDX-License-Identifier: MIT
#include "daemon/core.h"

#include <algorithm>
#include <utility>

#include "aws/time_format.h"
#include "base/log.h"
#include "daemon/directory_loader.h"
#include "imds/region_names.h"

namespace imdsd::daemon {
namespace {

using Problems = std::vector<ConfigProblem>;

tl::unexpected<Problems> problem(base::Error error) {
  return tl::unexpected(Problems{{{}, "", std::move(error.message)}});
}

void log_rotation(const sts_client::RotationState& state) {
  const auto next = aws::format_iso8601(state.next_attempt);
  if (state.failure) {
    base::log_warn("no new credentials", {{"instance", state.instance.instance_id},
                                          {"role", state.instance.role_name},
                                          {"error", state.failure->message},
                                          {"next_attempt", next}});
  } else if (state.sets) {
    base::log_info("credentials obtained",
                   {{"instance", state.instance.instance_id},
                    {"role", state.instance.role_name},
                    {"access_key_id", state.sets->imdsv2->access_key_id},
                    {"access_key_id_v1", state.sets->imdsv1->access_key_id},
                    {"expiration", aws::format_iso8601(state.sets->expiration())},
                    {"next_rotation", next}});
  }
}

}  // namespace

Core::Core(base::Clock& clock, base::Random& random, StateDir state, sts::KeyRing ring)
    : clock_(clock),
      random_(random),
      state_(std::move(state)),
      ring_(std::make_shared<const sts::KeyRing>(std::move(ring))),
      started_(clock.now()),
      gateway_(clock, random, authority_, gateway_settings_, audit_),
      source_(clock, random, authority_),
      rotator_(clock, random, source_, CredentialsConfig{}.lifetime,
               [this](const sts_client::RotationState& s) { on_rotation(s); }) {}

tl::expected<void, Problems> Core::apply(Config config) {
  auto kept = state_.read(StateDir::kUniqueIds);
  if (!kept) return problem(std::move(kept).error());
  const std::string ids = kept->value_or("");
  auto built = build_directory(std::move(config.iam), config.iam_places, ids,
                               state_.path_of(StateDir::kUniqueIds), random_);
  if (!built) return tl::unexpected(std::move(built).error());
  auto next = plan(config, *built->directory);
  if (!next) return problem(std::move(next).error());
  // Kept before they are used: a session must not outlive the id it is bound to.
  if (built->unique_ids != ids) {
    auto written = state_.write(StateDir::kUniqueIds, built->unique_ids);
    if (!written) return problem(std::move(written).error());
  }
  for (const auto& entity : built->forgotten) {
    base::log_info("no longer declared: removed, and its sessions end", {{"entity", entity}});
  }
  auto authority = std::make_shared<sts::Authority>();
  authority->directory = std::move(built->directory);
  authority->key_ring = ring_;
  authority->mode = config.auth.mode;
  authority->partition = imds::partition_of_region(config.aws.region);
  authority->default_account = config.aws.account_id;
  authority_.store(std::move(authority));
  publish(*std::move(next), config);
  return {};
}

base::Result<std::shared_ptr<const Core::Published>> Core::plan(
    const Config& config, const iam::Directory& directory) const {
  auto next = std::make_shared<Published>();
  next->mode = config.auth.mode;
  next->options = config.imds.options;
  next->account_id = config.aws.account_id;
  next->region = config.aws.region;
  next->lifetime = config.credentials.lifetime;
  const auto current = published_.load();
  for (const auto& instance : config.instances) {
    Member member;
    member.config = instance;
    member.profile = find_profile(instance, config.aws, directory);
    IMDSD_TRY(member.tree, instance_tree(instance, config.aws, started_));
    if (current) {
      for (const auto& old : current->instances) {
        if (old.config.id == instance.id) member.runtime = old.runtime;
      }
    }
    if (!member.runtime) {
      member.runtime = std::make_shared<InstanceRuntime>(instance.id, clock_, random_);
    }
    next->instances.push_back(std::move(member));
  }
  return std::shared_ptr<const Published>(std::move(next));
}

void Core::publish(std::shared_ptr<const Published> next, const Config& config) {
  auto settings = std::make_shared<gateway::Settings>();
  settings->allowed_hosts = config.aws.allowed_hosts;
  gateway_settings_.store(std::move(settings));
  std::vector<sts_client::InstanceRole> roles;
  for (const auto& member : next->instances) {
    member.runtime->describe(next->options, member.tree, member.profile);
    if (member.profile && member.profile->role) roles.push_back(*member.profile->role);
  }
  next_.store(next);
  const auto lifetime = next->lifetime;
  rotator_.set_lifetime(lifetime);
  rotator_.set_instances(std::move(roles));
  const auto previous = published_.load();
  // Last, so that no request sees an instance before its credentials were asked for.
  published_.store(std::move(next));
  if (!previous) return;
  const bool same_lifetime = lifetime == previous->lifetime;
  if (!same_lifetime) {
    base::log_info("credentials.lifetime changed: renewing all; the old sets stay valid",
                   {{"seconds", lifetime.count()}});
  }
  // A reload is often the repair of a trust policy: nobody should wait for the next attempt.
  renew(same_lifetime);
}

void Core::renew(bool failed_only) {
  for (const auto& state : rotator_.states()) {
    if (failed_only && !state.failure) continue;
    // Its outcome is published and logged by the sink.
    [[maybe_unused]] const auto outcome = rotator_.rotate_now(state.instance.instance_id);
  }
}

void Core::on_rotation(const sts_client::RotationState& state) const {
  log_rotation(state);
  const auto published = next_.load();
  if (!published) return;
  for (const auto& member : published->instances) {
    if (member.config.id == state.instance.instance_id) member.runtime->publish(state);
  }
}

base::HttpResponse Core::handle_imds(const base::HttpRequest& request) const {
  const auto published = published_.load();
  return published->instances.front().runtime->service().handle(request);
}

base::HttpResponse Core::handle_aws(const base::HttpRequest& request) const {
  return gateway_.handle(request);
}

base::Result<void> Core::rotate(const std::string& instance_id) {
  return rotator_.rotate_now(instance_id);
}

StatusReport Core::status() const {
  const auto published = published_.load();
  const auto states = rotator_.states();
  StatusReport report;
  report.started = started_;
  report.auth_mode = published->mode;
  report.imds_options = published->options;
  report.account_id = published->account_id;
  report.region = published->region;
  for (const auto& member : published->instances) {
    const auto state = std::find_if(states.begin(), states.end(), [&](const auto& s) {
      return s.instance.instance_id == member.config.id;
    });
    const bool has_role = member.profile && member.profile->role;
    report.instances.push_back(
        instance_status(member.config, has_role ? member.profile->role->role_name : "",
                        has_role && state != states.end() ? &*state : nullptr, clock_.now()));
  }
  return report;
}

}  // namespace imdsd::daemon
