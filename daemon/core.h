// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "base/http_message.h"
#include "base/random.h"
#include "base/snapshot_cell.h"
#include "daemon/config.h"
#include "daemon/config_node.h"
#include "daemon/instance_runtime.h"
#include "daemon/state_dir.h"
#include "daemon/status_report.h"
#include "gateway/gateway.h"
#include "sts/authority.h"
#include "sts_client/embedded_source.h"
#include "sts_client/rotator.h"

namespace imdsd::daemon {

/// Everything between the ports and the files: STS and IAM, the instances, their rotation; no
/// socket, no thread of its own. Handlers, rotate() and status() are thread-safe; apply() is for
/// one thread.
class Core {
 public:
  /// `clock` and `random` outlive it.
  Core(base::Clock& clock, base::Random& random, StateDir state, sts::KeyRing ring);

  /// Takes up a configuration: the first at start, each further one at a reload. All or nothing:
  /// with problems, what was there before goes on. Credentials of new roles have been asked for
  /// when it returns.
  [[nodiscard]] tl::expected<void, std::vector<ConfigProblem>> apply(Config config);

  [[nodiscard]] base::HttpResponse handle_imds(const base::HttpRequest& request) const;
  [[nodiscard]] base::HttpResponse handle_aws(const base::HttpRequest& request) const;

  [[nodiscard]] base::Result<void> rotate(const std::string& instance_id);
  /// The rotation's thread; returns when `stop` is requested.
  void run_rotation(std::stop_token stop) { rotator_.run(std::move(stop)); }
  /// Without what only the ports know.
  [[nodiscard]] StatusReport status() const;

 private:
  struct Member {
    InstanceConfig config;
    std::shared_ptr<InstanceRuntime> runtime;
    std::optional<InstanceProfileView> profile;
    std::shared_ptr<const imds::MetadataTree> tree;
  };
  /// What requests and status see of a configuration.
  struct Published {
    iam::AuthMode mode = iam::AuthMode::enforce;
    imds::MetadataOptions options;
    std::string account_id, region;
    std::chrono::seconds lifetime{};  // of role credentials
    std::vector<Member> instances;
  };

  [[nodiscard]] base::Result<std::shared_ptr<const Published>> plan(
      const Config& config, const iam::Directory& directory) const;
  void publish(std::shared_ptr<const Published> next, const Config& config);
  void on_rotation(const sts_client::RotationState& state) const;
  void renew(bool failed_only);

  base::Clock& clock_;
  base::Random& random_;
  const StateDir state_;
  const std::shared_ptr<const sts::KeyRing> ring_;
  const base::SystemTime started_;
  gateway::LogAuditSink audit_;
  base::SnapshotCell<sts::Authority> authority_;
  base::SnapshotCell<gateway::Settings> gateway_settings_;
  base::SnapshotCell<Published> next_;       // what the rotator publishes into
  base::SnapshotCell<Published> published_;  // what requests see
  const gateway::Gateway gateway_;
  sts_client::EmbeddedSource source_;
  sts_client::CredentialRotator rotator_;
};

}  // namespace imdsd::daemon
