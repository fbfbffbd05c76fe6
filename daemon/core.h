// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "base/http_message.h"
#include "base/random.h"
#include "base/snapshot_cell.h"
#include "console/console.h"
#include "daemon/audit_log.h"
#include "daemon/config.h"
#include "daemon/config_node.h"
#include "daemon/container_doors.h"
#include "daemon/explain_query.h"
#include "daemon/fleet.h"
#include "daemon/fleet_control.h"
#include "daemon/iam_state.h"
#include "daemon/identity_certificates.h"
#include "daemon/identity_store.h"
#include "daemon/instance_runtime.h"
#include "daemon/kept_changes.h"
#include "daemon/live_metadata.h"
#include "daemon/policy_query.h"
#include "daemon/rotation_log.h"
#include "daemon/s3_state.h"
#include "daemon/state_dir.h"
#include "daemon/status_report.h"
#include "gateway/gateway.h"
#include "iam/directory_service.h"
#include "iam/usage_tracker.h"
#include "sts/authority.h"
#include "sts/web_identity_issuer.h"
#include "sts_client/embedded_source.h"
#include "sts_client/rotator.h"

namespace imdsd::daemon {

/// What lives on an instance, for those who ask.
struct LiveState {
  std::string instance_id;
  LiveMetadata live;
  std::vector<UnfitChange> unfit;  // of its changes
};

/// The first of several steps that would fail.
struct FailedStep {
  std::size_t index = 0;
  base::Error error;
};

/// Everything between the ports and the files: STS and IAM, the instances, their rotation; no
/// socket, no thread of its own. Handlers, rotate() and status() are thread-safe; apply() is for
/// one thread.
class Core {
 public:
  /// `clock` and `random` outlive it.
  Core(base::Clock& clock, base::Random& random, StateDir state, sts::KeyRing ring, IamState iam);

  /// Takes up a configuration: the first at start, each further one at a reload. All or nothing:
  /// with problems, what was there before goes on. Credentials of new roles have been asked for,
  /// and the directory is durable, when it returns.
  [[nodiscard]] tl::expected<void, std::vector<ConfigProblem>> apply(Config config);

  [[nodiscard]] base::HttpResponse handle_imds(const base::HttpRequest& request) const;
  /// For the instance of this name or id, whatever the request's addresses say; empty: the default
  /// one.
  [[nodiscard]] base::HttpResponse handle_imds_of(std::string_view instance,
                                                  const base::HttpRequest& request) const;
  [[nodiscard]] base::HttpResponse handle_aws(const base::HttpRequest& request) const;
  /// What is to be done to a request of the AWS port before it is handled, as Gateway has it.
  [[nodiscard]] const gateway::Gateway& gateway() const noexcept { return gateway_; }
  /// Tasks of ECS, under the fault rules of the instance that they run on; requests of no task are
  /// under the default instance's.
  [[nodiscard]] base::HttpResponse handle_ecs(const base::HttpRequest& request) const;
  /// Pods of EKS, under the fault rules of the default instance.
  [[nodiscard]] base::HttpResponse handle_eks(const base::HttpRequest& request) const;
  [[nodiscard]] const ContainerDoors& containers() const noexcept { return containers_; }
  [[nodiscard]] std::vector<sts_client::RotationState> rotation() const {
    return rotator_.states();
  }
  /// The document of a credential_process: of an instance (empty: the default one), or of another
  /// role, by name or ARN, that it may assume. Errc::not_found without such, or without a role.
  [[nodiscard]] base::Result<std::string> process_credentials(const std::string& instance,
                                                              const std::string& role) const;

  /// An instance by name or id; empty: the default one. Errc::not_found tells near names.
  [[nodiscard]] base::Result<std::shared_ptr<InstanceRuntime>> instance(
      std::string_view name) const;
  /// All instances, as requests see them now.
  [[nodiscard]] std::shared_ptr<const Fleet> fleet() const { return published_.load(); }

  /// All instances, or the one of this name or id.
  [[nodiscard]] base::Result<void> rotate(const std::string& instance);
  /// Events and changed values of an instance, by its name or id; empty: of the default one.
  /// Errc::not_found for an unknown one.
  [[nodiscard]] base::Result<LiveState> live(const std::string& instance) const;
  /// Visible to the next request when it returns, and durable as far as it is to be kept. Errors
  /// are those of daemon::take_step() and KeptChanges::store(); nothing has changed then.
  [[nodiscard]] base::Result<void> take_step(const std::string& instance, const LiveStep& step);
  /// Would all go, one after the other, as things are now? Changes nothing.
  [[nodiscard]] std::optional<FailedStep> rehearse(const std::string& instance,
                                                   const std::vector<LiveStep>& steps) const;
  /// Why a request was denied, or what would be decided: text, or JSON.
  [[nodiscard]] base::Result<std::string> explain(const ExplainQuery& query) const;
  /// The policy for what somebody was seen to do, as JSON.
  [[nodiscard]] base::Result<std::string> generate_policy(const PolicyQuery& query) const {
    return policy_of_audited(query, {audit_.seen(), audit_.file()});
  }
  /// The rotation's thread; returns when `stop` is requested.
  void run_rotation(std::stop_token stop) { rotator_.run(std::move(stop)); }
  /// The certificates that identity documents of the configured region verify with. Makes the keys
  /// where that was not done yet, which takes a moment.
  [[nodiscard]] base::Result<IdentityCertificates> identity_certificates() const;
  /// Makes the keys that JSON Web Tokens are signed with, or replaces those that are due: before a
  /// request has to.
  [[nodiscard]] base::Result<void> refresh_signing_keys() {
    IMDSD_TRY_VOID(signing_keys_->keys(clock_.now()));
    return {};
  }
  /// Makes a new key for session tokens when one is due. For one thread.
  [[nodiscard]] base::Result<void> refresh_key_ring();
  /// Reads what there is of S3: before the first configuration, which may declare buckets.
  [[nodiscard]] base::Result<void> open_s3() { return s3_.open(); }
  /// Makes the administrator of the default account, once: after the first configuration, before
  /// any port opens.
  [[nodiscard]] base::Result<void> ensure_administrator();
  /// Which bound addresses are one instance's own, from now on and whatever a reload says: at
  /// start, before any port serves.
  void set_listeners(std::vector<imds::InstanceListener> listeners);
  /// Writes when keys and roles were last used.
  [[nodiscard]] base::Result<void> write_usage() { return directory_.write_usage(usage_); }
  /// How many changes of the directory wait for the disk.
  [[nodiscard]] std::size_t waiting_writers() const { return directory_.waiting(); }
  /// Where the ports turned out to be: what issuers' URLs begin with unless the configuration says
  /// otherwise.
  void set_issuer_url(std::string url);
  /// A service account's token, as a Kubernetes cluster would give it.
  [[nodiscard]] base::Result<base::Secret> service_account_token(
      const sts::ServiceAccountTerms& terms) const;
  /// The last calls, which are kept once somebody may want to see them.
  [[nodiscard]] gateway::RecentRequests& requests() noexcept { return requests_; }
  /// What users do in a browser, or by imdsctl. Thread-safe.
  [[nodiscard]] console::Console& console() const noexcept { return console_; }
  [[nodiscard]] const StateDir& state() const noexcept { return state_; }
  [[nodiscard]] AuditLog& audit() noexcept { return audit_; }
  /// All instances, or the one of this name or id. Without what only the ports know.
  [[nodiscard]] base::Result<StatusReport> status(const std::string& instance = {}) const;

 private:
  /// Under the rules of this instance, or of the default one where there is none of this id.
  [[nodiscard]] base::HttpResponse with_faults(
      imds::FaultDoor door, const std::string& instance_id, const base::HttpRequest& request,
      const std::function<base::HttpResponse(const base::HttpRequest&)>& answer) const;
  [[nodiscard]] console::Parts console_parts();
  void publish(std::shared_ptr<const Fleet> next);
  /// All of them from now on, as EC2's API wants them.
  void replace_instances(const FleetControl::Instances& instances);
  [[nodiscard]] std::shared_ptr<const imds::MetadataTree> shown_tree(const FleetMember& member,
                                                                     const Fleet& fleet) const;
  /// The API, or a reload, has changed the directory.
  void on_directory(const std::shared_ptr<const iam::Directory>& directory);
  void take_up_directory(const std::shared_ptr<const iam::Directory>& directory);
  void on_rotation(const sts_client::RotationState& state);
  void renew_remade_roles(const Fleet* previous, const Fleet& next);

  base::Clock& clock_;
  base::Random& random_;
  const StateDir state_;
  IdentityStore identities_{state_, clock_};
  KeptChanges kept_{state_};
  base::SnapshotCell<sts::KeyRing> ring_;
  const std::shared_ptr<sts::SigningKeySource> signing_keys_;
  const base::SystemTime started_;
  const std::unique_ptr<iam::Store> store_;
  iam::DirectoryService directory_;
  iam::UsageTracker usage_;
  // Of the instances that have no counters of their own.
  const std::shared_ptr<imds::RequestCounters> other_counters_ =
      std::make_shared<imds::RequestCounters>();
  RotationLog rotation_log_{clock_};
  gateway::RecentDenials denials_;
  gateway::RecentRequests requests_;
  AuditLog audit_{denials_, requests_};
  S3State s3_{state_, random_};
  base::SnapshotCell<sts::Authority> authority_;
  base::SnapshotCell<gateway::Settings> gateway_settings_;
  mutable std::mutex
      publishing_;  // a reload and changes by the API take turns; guards what follows
  std::string bound_issuer_url_;
  std::vector<imds::InstanceListener> listeners_;
  bool applying_ = false;  // a reload has changed the directory and will publish its instances
  base::SnapshotCell<Fleet> next_;       // what the rotator publishes into
  base::SnapshotCell<Fleet> published_;  // what requests see
  FleetControl control_{state_,
                        clock_,
                        random_,
                        {[this] { return published_.load(); },
                         [this](const auto& instances) { replace_instances(instances); }}};
  const gateway::Gateway gateway_;
  mutable console::Console console_{console_parts()};
  ContainerDoors containers_{clock_, random_, authority_, audit_};
  sts_client::EmbeddedSource source_;
  sts_client::CredentialRotator rotator_;
};

}  // namespace imdsd::daemon
