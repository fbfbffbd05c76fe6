// SPDX-License-Identifier: MIT
#include "daemon/core.h"

#include <utility>

#include "base/log.h"
#include "daemon/administrator.h"
#include "daemon/ensure_log.h"
#include "daemon/oidc_keys.h"
#include "daemon/signing_key_file.h"
#include "imds/region_names.h"

namespace imdsd::daemon {
namespace {

using Problems = std::vector<ConfigProblem>;

tl::unexpected<Problems> problem(base::Error error) {
  return tl::unexpected(Problems{{{}, "", std::move(error.message)}});
}

/// Of the EC2 API's word: the profiles that the configuration names are there, or it is refused.
void log_missing_profiles(const Fleet& fleet) {
  for (const FleetMember& member : fleet.members) {
    if (member.config->profile.empty() || member.profile) continue;
    base::log_warn("the instance profile that the EC2 API attached is not there: no credentials",
                   {{"instance", member.id()}, {"profile", member.config->profile}});
  }
}

}  // namespace

Core::Core(base::Clock& clock, base::Random& random, StateDir state, sts::KeyRing ring,
           IamState iam)
    : clock_(clock),
      random_(random),
      state_(std::move(state)),
      ring_(std::make_shared<const sts::KeyRing>(std::move(ring))),
      signing_keys_(std::make_shared<SigningKeyFile>(state_)),
      started_(clock.now()),
      store_(std::move(iam.store)),
      directory_(*store_, clock, random, std::move(iam.directory)),
      usage_(iam.usage),
      gateway_(clock, random, authority_, gateway_settings_, directory_, usage_, control_,
               s3_.service(), audit_),
      source_(clock, random, authority_),
      rotator_(clock, source_, CredentialsConfig{}.lifetime,
               [this](const sts_client::RotationState& s) { on_rotation(s); }) {
  directory_.set_observer([this](const auto& directory) { on_directory(directory); });
}

tl::expected<void, Problems> Core::apply(Config config) {
  const auto former_ids = read_former_ids(state_);
  if (!former_ids) return problem(former_ids.error());
  if (!published_.load()) {
    if (const auto loaded = kept_.load(); !loaded) return problem(loaded.error());
    if (const auto loaded = control_.read(); !loaded) return problem(loaded.error());
  }
  const auto held = control_.hold();
  const auto signer = identities_.signer(config.aws.region);
  if (!signer) return problem(signer.error());
  // Those of the first region are made behind the open ports. Another one's are there before it is
  // published: who reads signatures now goes on doing so.
  if (const auto current = published_.load(); current && current->signer != *signer) {
    if (const auto made = (*signer)->keys(); !made) return problem(made.error());
  }
  Problems problems;
  iam::EnsureReport report;
  std::shared_ptr<Fleet> next;
  InstanceLedger ledger;
  const auto written = directory_.write([&](iam::Transaction& transaction) {
    auto ensured = ensure_declared(config, *former_ids, transaction);
    if (!ensured) {
      problems = std::move(ensured).error();
      return false;
    }
    problems = ensure_declared_buckets(config, transaction.directory(), s3_.index(), clock_.now());
    if (!problems.empty()) return false;
    const auto current = published_.load();
    ledger = control_.take_up(config);
    next = make_fleet(
        config, {transaction.directory(), *signer, current.get(), started_, clock_, random_, kept_,
                 authority_, imds::InstanceObservers{other_counters_, &audit_}});
    report = *std::move(ensured);
    next->containers = plan_containers(config, started_, containers_.plan().get());
    std::lock_guard lock(publishing_);
    applying_ = true;
    return true;
  });
  std::unique_lock lock(publishing_);
  applying_ = false;
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  if (!written) {
    // What others wrote in the meantime has been told to STS only.
    if (published_.load()) take_up_directory(directory_.snapshot());
    return problem(written.error());
  }
  log_ensured(report);
  log_missing_profiles(*next);
  auto authority = std::make_shared<sts::Authority>();
  authority->directory = directory_.snapshot();
  authority->key_ring = ring_.load();
  authority->organization =
      std::make_shared<const sts::Organization>(std::move(config.organization));
  authority->control_policies =
      std::make_shared<const iam::ControlPolicies>(std::move(config.control_policies));
  authority->signing_keys = signing_keys_;
  authority->issuer_url = config.aws.issuer_url.empty() ? bound_issuer_url_ : config.aws.issuer_url;
  authority->mode = config.auth.mode;
  authority->oidc_keys = make_oidc_keys(config.sts, clock_, config.http.worker_threads);
  authority->partition = imds::partition_of_region(config.aws.region);
  authority->default_account = config.aws.account_id;
  auto settings = std::make_shared<gateway::Settings>();
  settings->allowed_hosts = config.aws.allowed_hosts;
  settings->s3_domains = std::move(config.s3.domains);
  const auto newest = authority->directory;
  authority_.store(std::move(authority));
  gateway_settings_.store(std::move(settings));
  console_.configure({std::move(config.console.allowed_hosts), config.aws.region,
                      std::move(config.console.trusted_proxies)});
  route_fleet(*next, listeners_);
  publish(std::move(next));
  for (const auto& member : published_.load()->members) {
    member.runtime->declare_faults(member.config->faults);
  }
  take_up_directory(newest);  // with what the API has changed in the meantime
  lock.unlock();
  control_.settle(std::move(ledger));
  if (auto removed = state_.remove(StateDir::kFormerIds); !removed) {
    base::log_warn("the ids of version 0.1 are in the database now",
                   {{"error", removed.error().message}});
  }
  return {};
}

base::Result<void> Core::refresh_key_ring() {
  IMDSD_TRY(auto next, rotated_key_ring(state_, *ring_.load(), random_, clock_.now()));
  if (!next) return {};
  const std::lock_guard lock(publishing_);
  ring_.store(std::make_shared<const sts::KeyRing>(*std::move(next)));
  auto changed = std::make_shared<sts::Authority>(*authority_.load());
  changed->key_ring = ring_.load();
  authority_.store(std::move(changed));
  return {};
}

void Core::set_issuer_url(std::string url) {
  const std::lock_guard lock(publishing_);
  bound_issuer_url_ = std::move(url);
  if (!published_.load()->aws.issuer_url.empty()) return;
  auto changed = std::make_shared<sts::Authority>(*authority_.load());
  changed->issuer_url = bound_issuer_url_;
  authority_.store(std::move(changed));
}

void Core::set_listeners(std::vector<imds::InstanceListener> listeners) {
  const std::lock_guard lock(publishing_);
  listeners_ = std::move(listeners);
  auto changed = std::make_shared<Fleet>(*published_.load());
  route_fleet(*changed, listeners_);
  next_.store(changed);
  published_.store(std::move(changed));
}

base::Result<void> Core::ensure_administrator() {
  const auto published = published_.load();
  return daemon::ensure_administrator(published->aws.account_id, *store_, directory_, state_);
}

void Core::on_directory(const std::shared_ptr<const iam::Directory>& directory) {
  std::lock_guard lock(publishing_);
  if (!applying_) return take_up_directory(directory);
  // Instances wait for the reload. STS does not: others' changes, committed with it, are answered.
  const auto authority = authority_.load();
  if (!authority) return;
  auto changed = std::make_shared<sts::Authority>(*authority);
  changed->directory = directory;
  authority_.store(std::move(changed));
}

/// PRECONDITION: publishing_ is held, and a configuration was taken up.
void Core::take_up_directory(const std::shared_ptr<const iam::Directory>& directory) {
  const auto authority = authority_.load();
  const bool is_new = authority->directory != directory;
  auto changed = std::make_shared<sts::Authority>(*authority);
  changed->directory = directory;
  authority_.store(std::move(changed));
  const auto published = published_.load();
  auto next = with_profiles(*published, *directory);
  // Whatever was changed, it may be what credentials were waiting for.
  if (next) {
    publish(std::move(next));
  } else if (is_new) {
    rotator_.retry_failed();
  }
  for (const auto& holder : containers_.remade(*directory)) {
    [[maybe_unused]] const auto outcome = rotator_.rotate_now(holder);
  }
}

/// PRECONDITION: publishing_ is held.
void Core::publish(std::shared_ptr<const Fleet> next) {
  const auto previous = published_.load();
  std::vector<sts_client::InstanceRole> roles;
  for (const auto& member : next->members) {
    const auto* const old = previous ? previous->find_id(member.id()) : nullptr;
    if (old == nullptr || !looks_the_same(member, *old)) {
      if (old != nullptr && old->config->events != member.config->events) {
        LiveMetadata live = member.runtime->live();
        live.events = first_events(*member.config, clock_.now(), random_);
        member.runtime->start_with(std::move(live));
      }
      member.runtime->describe(member.config->options, shown_tree(member, *next), member.profile,
                               member.identity_role);
    }
    if (member.profile && member.profile->role) roles.push_back(*member.profile->role);
  }
  next_.store(next);
  containers_.prepare(next->containers);
  for (auto& role : containers_.roles()) roles.push_back(std::move(role));
  const auto lifetime = next->lifetime;
  rotator_.set_lifetime(lifetime);
  rotator_.set_instances(std::move(roles));
  renew_remade_roles(previous.get(), *next);
  // Last, so that no request sees an instance before its credentials were asked for.
  containers_.commit();
  published_.store(std::move(next));
  if (!previous) return;
  if (lifetime == previous->lifetime) {
    // A reload is often the repair of a trust policy: nobody should wait for the next attempt.
    rotator_.retry_failed();
    return;
  }
  base::log_info("credentials.lifetime changed: renewing all; the old sets stay valid",
                 {{"seconds", lifetime.count()}});
  // Its outcomes are published and logged by the sink.
  [[maybe_unused]] const auto outcome = rotator_.rotate_now();
}

/// A role that was deleted and made again has the name of the old one, but the old one's sessions
/// are dead.
void Core::renew_remade_roles(const Fleet* previous, const Fleet& next) {
  if (previous == nullptr) return;
  for (const FleetMember& member : next.members) {
    const FleetMember* const old = previous->find_id(member.id());
    if (old == nullptr || !member.profile || !old->profile) continue;
    if (old->profile->role == member.profile->role &&
        old->profile->role_id != member.profile->role_id) {
      [[maybe_unused]] const auto outcome = rotator_.rotate_now(member.id());
    }
  }
}

void Core::on_rotation(const sts_client::RotationState& state) {
  rotation_log_.tell(state);
  containers_.publish(state);
  const auto fleet = next_.load();
  if (!fleet) return;
  if (const auto* const member = fleet->find_id(state.instance.instance_id)) {
    member->runtime->publish(state);
  }
}

base::HttpResponse Core::handle_imds(const base::HttpRequest& request) const {
  const auto fleet = published_.load();
  const auto place = fleet->routes->route(request);
  if (!place) {
    base::log_debug("metadata request refused", {{"reason", place.error()}});
    other_counters_->count(imds::PathFamily::other, 403);
    return imds::Service::refuse();
  }
  return fleet->services[*place].handle(request);
}

base::HttpResponse Core::handle_imds_of(std::string_view instance,
                                        const base::HttpRequest& request) const {
  const auto fleet = published_.load();
  const auto member = fleet->find(instance);
  if (member) return (*member)->runtime->service().handle(request);
  other_counters_->count(imds::PathFamily::other, 403);  // a reload has taken it away
  return imds::Service::refuse();
}

base::HttpResponse Core::handle_aws(const base::HttpRequest& request) const {
  return gateway_.handle(request);
}

base::Result<std::shared_ptr<InstanceRuntime>> Core::instance(std::string_view name) const {
  const auto fleet = published_.load();
  IMDSD_TRY(const FleetMember* const member, fleet->find(name));
  return member->runtime;
}

base::Result<void> Core::rotate(const std::string& instance) {
  const auto fleet = published_.load();
  if (instance.empty()) {
    for (const auto& member : fleet->members) member.identity_role->renew();
    return rotator_.rotate_now();
  }
  IMDSD_TRY(const FleetMember* const member, fleet->find(instance));
  if (!member->profile || !member->profile->role) {
    return base::fail(base::Errc::not_found, "instance `" + member->config->name +
                                                 "` has no role: there is nothing to rotate");
  }
  IMDSD_TRY_VOID(rotator_.rotate_now(member->id()));
  member->identity_role->renew();
  return {};
}

}  // namespace imdsd::daemon
