// SPDX-License-Identifier: MIT
#include "daemon/fleet_control.h"

#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <utility>

#include "aws/time_format.h"
#include "base/log.h"
#include "daemon/instance_view.h"
#include "daemon/run_instances.h"
#include "ec2/errors.h"

namespace imdsd::daemon {
namespace {

/// As long as EC2 shows them at most
/// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html).
constexpr std::chrono::hours kTerminatedStay{1};

/// Each change writes them all, so that they are not to pile up within the hour either.
void forget_terminated(InstanceLedger& ledger, base::SystemTime now) {
  std::vector<std::pair<base::SystemTime, std::string>> ended;
  for (const auto& [id, run] : ledger.run) {
    if (run.terminated) ended.emplace_back(*run.terminated, id);
  }
  std::sort(ended.begin(), ended.end());
  std::size_t left = ended.size();
  for (const auto& [when, id] : ended) {
    if (when + kTerminatedStay > now && left <= kMaxTerminatedInstances) break;
    ledger.run.erase(id);
    --left;
  }
}

/// What `after` has of another kind than `before`, into the entry of a declared instance. `config`:
/// as it is served.
void note_change(const ec2::InstanceSettings& before, const ec2::InstanceSettings& after,
                 const InstanceConfig& config, InstanceChange& change) {
  if (before.association != after.association) {
    if (!change.profile) change.profile.emplace().over = config.profile;
    change.profile->now = after.association ? after.association->profile : std::string();
    change.profile->association_id = after.association ? after.association->id : std::string();
  }
  if (before.metadata_options != after.metadata_options) {
    if (!change.options) change.options.emplace().over = before.metadata_options;
    change.options->now = after.metadata_options;
    if (change.options->now == change.options->over) change.options.reset();
  }
  if (before.tags != after.tags) {
    if (!change.tags) change.tags.emplace().over = before.tags;
    change.tags->now = after.tags;
    if (change.tags->now == change.tags->over) change.tags.reset();
  }
}

void note_change(const ec2::InstanceSettings& after, base::SystemTime now, RunInstance& run) {
  run.profile = after.association ? after.association->profile : std::string();
  run.association_id = after.association ? after.association->id : std::string();
  run.options = after.metadata_options;
  run.tags = after.tags;
  if (run.stopped && !after.stopped) run.launched = now;
  run.stopped = after.stopped && !after.terminated;
  if (!after.terminated) return;
  run.terminated = now;
  run.user_data.reset();
  run.profile.clear();
  run.association_id.clear();
}

std::shared_ptr<const InstanceConfig> with_settings(const InstanceConfig& config,
                                                    const ec2::InstanceSettings& settings) {
  auto changed = std::make_shared<InstanceConfig>(config);
  changed->profile = settings.association ? settings.association->profile : std::string();
  changed->description.tags = settings.tags;
  set_options(settings.metadata_options, *changed);
  return changed;
}

bool same(const ec2::InstanceSettings& a, const ec2::InstanceSettings& b) {
  return a.association == b.association && a.metadata_options == b.metadata_options &&
         a.tags == b.tags && a.stopped == b.stopped && a.terminated == b.terminated;
}

FleetControl::Instances instances_of(const Fleet& fleet) {
  FleetControl::Instances out;
  out.reserve(fleet.members.size());
  for (const FleetMember& member : fleet.members) out.push_back(member.config);
  return out;
}

bool is_at(const RunInstance& run, const AwsConfig& aws) {
  return run.account == aws.account_id && run.region == aws.region;
}

/// `config` is null behind it for an instance that ends or stops.
void change_one(const ec2::Instance& before, const ec2::InstanceSettings& settings,
                base::SystemTime now, std::shared_ptr<const InstanceConfig>& config,
                InstanceLedger& ledger) {
  if (same(before.settings, settings)) return;
  if (!config->declared) {
    note_change(settings, now, ledger.run.at(before.id));
  } else {
    InstanceChange& entry = ledger.changed[before.id];
    note_change(before.settings, settings, *config, entry);
    if (entry.empty()) ledger.changed.erase(before.id);
  }
  const bool runs = !settings.stopped && !settings.terminated;
  config = runs ? with_settings(*config, settings) : nullptr;
}

/// Of one that does not run, and is in the ledger alone. What starts again; null where it goes on
/// not running.
std::shared_ptr<const InstanceConfig> change_idle(const ec2::Instance& after, base::SystemTime now,
                                                  const imds::MetadataOptions& defaults,
                                                  InstanceLedger& ledger) {
  const auto found = ledger.run.find(after.id);
  if (found == ledger.run.end()) return nullptr;
  RunInstance& run = found->second;
  if (run.terminated) {  // as long as it is described, its tags can be changed
    run.tags = after.settings.tags;
    return nullptr;
  }
  note_change(after.settings, now, run);
  if (run.stopped || run.terminated) return nullptr;
  return std::make_shared<const InstanceConfig>(config_of(run, defaults));
}

void log_change(const ec2::Instance& before, const ec2::InstanceSettings& after) {
  if (same(before.settings, after) || after.terminated) return;
  const auto profile = [](const ec2::InstanceSettings& settings) {
    return settings.association ? settings.association->profile : std::string();
  };
  if (before.settings.stopped != after.stopped) {
    return base::log_info(after.stopped ? "instance stopped" : "instance started",
                          {{"instance", before.id}, {"profile", profile(after)}});
  }
  base::log_info("instance changed", {{"instance", before.id}, {"profile", profile(after)}});
}

}  // namespace

FleetControl::FleetControl(const StateDir& state, const base::Clock& clock, base::Random& random,
                           Publisher publisher)
    : clock_(clock), random_(random), publisher_(std::move(publisher)), ledger_(state) {}

void FleetControl::settle(InstanceLedger ledger) {
  forget_terminated(ledger, clock_.now());
  if (const auto stored = ledger_.settle(std::move(ledger)); !stored) {
    base::log_warn("what the configuration has overruled of the EC2 API's changes is not kept",
                   {{"error", stored.error().message}});
  }
}

ec2::Place FleetControl::place() const {
  const auto fleet = publisher_.fleet();
  return {fleet->aws.account_id, fleet->aws.region};
}

std::vector<std::string> FleetControl::ids() const {
  const auto fleet = publisher_.fleet();
  const auto ledger = ledger_.load();
  std::vector<std::string> out;
  out.reserve(fleet->members.size());
  for (const FleetMember& member : fleet->members) out.push_back(member.id());
  for (const auto& [id, run] : ledger->run) {
    const bool idle = run.terminated || run.stopped;
    if (idle && is_at(run, fleet->aws) && fleet->find_id(id) == nullptr) out.push_back(id);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::optional<ec2::Instance> FleetControl::find(std::string_view id) const {
  const auto fleet = publisher_.fleet();
  const auto ledger = ledger_.load();
  if (const FleetMember* const member = fleet->find_id(id)) {
    return instance_view(*member->config, fleet->started, *ledger);
  }
  const auto run = ledger->run.find(id);
  if (run == ledger->run.end() || !is_at(run->second, fleet->aws)) return std::nullopt;
  if (run->second.stopped) {
    return stopped_view(config_of(run->second, fleet->options), fleet->started, *ledger);
  }
  if (!run->second.terminated) return std::nullopt;
  if (*run->second.terminated + kTerminatedStay <= clock_.now()) return std::nullopt;
  return terminated_view(run->second);
}

std::vector<ec2::Association> FleetControl::associations() const {
  const auto fleet = publisher_.fleet();
  const auto ledger = ledger_.load();
  std::vector<ec2::Association> out;
  for (const FleetMember& member : fleet->members) {
    if (auto association = association_of(*member.config, *ledger)) {
      out.push_back(*std::move(association));
    }
  }
  for (const auto& [id, run] : ledger->run) {
    if (!run.stopped || !is_at(run, fleet->aws) || fleet->find_id(id) != nullptr) continue;
    if (auto association = association_of(config_of(run, fleet->options), *ledger)) {
      out.push_back(*std::move(association));
    }
  }
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.instance_id < b.instance_id; });
  return out;
}

base::Result<void> FleetControl::commit(InstanceLedger ledger, const Instances& instances) {
  forget_terminated(ledger, clock_.now());
  // Durable first: what is not kept is not served either.
  IMDSD_TRY_VOID(ledger_.store(std::move(ledger)));
  publisher_.replace(instances);
  return {};
}

base::Result<void> FleetControl::change(const std::vector<std::string>& ids, const Change& change) {
  const std::lock_guard lock(changing_);
  std::vector<ec2::Instance> instances;
  for (const std::string& id : ids) {
    if (auto instance = find(id)) instances.push_back(*std::move(instance));
  }
  const std::vector<ec2::Instance> before = instances;
  if (!change(instances)) return {};
  const auto now = aws::floor_to_second(clock_.now());
  InstanceLedger ledger = *ledger_.load();
  const auto fleet = publisher_.fleet();
  Instances configs = instances_of(*fleet);
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < configs.size(); ++i) places.emplace(configs[i]->description.id, i);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto place = places.find(before[i].id);
    if (place == places.end()) {
      configs.push_back(change_idle(instances[i], now, fleet->options, ledger));
      continue;
    }
    if (!configs[place->second]) continue;  // named twice
    change_one(before[i], instances[i].settings, now, configs[place->second], ledger);
  }
  std::erase(configs, nullptr);
  IMDSD_TRY_VOID(commit(std::move(ledger), configs));
  for (std::size_t i = 0; i < before.size(); ++i) log_change(before[i], instances[i].settings);
  return {};
}

aws::Outcome<std::vector<ec2::Instance>> FleetControl::run(const ec2::RunOrder& order) {
  const std::lock_guard lock(changing_);
  const auto fleet = publisher_.fleet();
  const auto ledger = ledger_.load();
  std::vector<ec2::Instance> before;
  for (const auto& [id, run] : ledger->run) {
    if (order.client_token.empty() || run.client_token != order.client_token) continue;
    if (!is_at(run, fleet->aws)) continue;
    if (run.digest != order.digest) {
      return aws::service_error(400, "IdempotentParameterMismatch",
                                "Arguments on this idempotent request are inconsistent with "
                                "arguments used in previous request(s).");
    }
    if (auto instance = find(id)) before.push_back(*std::move(instance));
  }
  if (!before.empty()) return before;
  return run_anew(order);
}

aws::Outcome<std::vector<ec2::Instance>> FleetControl::run_anew(const ec2::RunOrder& order) {
  const auto fleet = publisher_.fleet();
  InstanceLedger ledger = *ledger_.load();
  auto made = make_instances(order, *fleet, ledger, aws::floor_to_second(clock_.now()), random_);
  if (!made) return tl::unexpected(std::move(made).error());
  Instances configs = instances_of(*fleet);
  for (const RunInstance& run : *made) {
    configs.push_back(std::make_shared<const InstanceConfig>(config_of(run, fleet->options)));
    ledger.run.emplace(run.id, run);
  }
  if (const auto kept = commit(std::move(ledger), configs); !kept) {
    return ec2::internal_error(kept.error().message);
  }
  std::vector<ec2::Instance> out;
  for (const RunInstance& run : *made) {
    base::log_info("instance started", {{"instance", run.id}, {"profile", run.profile}});
    if (auto instance = find(run.id)) out.push_back(*std::move(instance));
  }
  return out;
}

}  // namespace imdsd::daemon
