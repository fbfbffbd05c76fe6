// SPDX-License-Identifier: MIT
#include <utility>

#include "iam/ensure_grants.h"
#include "iam/ensure_oidc_providers.h"
#include "iam/ensure_policy.h"
#include "iam/ensure_user.h"
#include "iam/principal_binding.h"
#include "iam/remove_undeclared.h"

namespace imdsd::iam {
namespace {

using base::Error;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
constexpr std::chrono::seconds kLeastMaxSession{3600};
constexpr std::chrono::seconds kMostMaxSession{43200};

class Ensure {
 public:
  Ensure(const Declarations& declarations, const KnownIds& known_ids, Transaction& transaction)
      : declared_(declarations), transaction_(transaction), run_(known_ids, transaction) {}

  tl::expected<EnsureReport, std::vector<Error>> run() {
    EnsureReport report = remove_undeclared(declared_, transaction_);
    for (const auto& policy : declared_.policies) ensure_policy(policy, run_, report);
    for (const auto& group : declared_.groups) ensure_group(group);
    for (const auto& user : declared_.users) release_access_keys(user, run_);
    for (const auto& user : declared_.users) ensure_user(user, run_);
    for (const auto& role : declared_.roles) ensure_role(role);
    bind_trust_policies();
    for (const auto& profile : declared_.instance_profiles) ensure_profile(profile);
    add_missing_profiles();
    auto errors = run_.take_errors();
    for (auto& error : ensure_oidc_providers(declared_, transaction_)) {
      errors.push_back(std::move(error));
    }
    if (!errors.empty()) return tl::unexpected(std::move(errors));
    return report;
  }

 private:
  void ensure_group(const Declarations::DeclaredGroup& declared) {
    auto group = run_.begin<Group>(declared);
    if (!group) return;
    ensure_grants(label_of<Group>(group->name), declared, group->grants, run_);
    run_.put(*std::move(group));
  }

  /// Its trust policy is bound later: it may name entities that come later, or the role itself.
  void ensure_role(const Declarations::DeclaredRole& declared) {
    auto role = run_.begin<Role>(declared);
    if (!role) return;
    const std::string label = label_of<Role>(role->name);
    ensure_grants(label, declared, role->grants, run_);
    ensure_boundary(label, declared.boundary, role->boundary, run_);
    if (declared.description) role->description = *declared.description;
    if (declared.max_session_duration) role->max_session_duration = *declared.max_session_duration;
    if (role->max_session_duration < kLeastMaxSession ||
        role->max_session_duration > kMostMaxSession) {
      run_.fail(label, "max_session_duration is between 1 and 12 hours");
    }
    if (!role->trust_policy.document) {
      role->trust_policy = {kTrustPolicyName, "",
                            std::make_shared<const PolicyDocument>(declared.trust_policy)};
    }
    run_.put(*std::move(role));
    unbound_.push_back(&declared);
  }

  void bind_trust_policies() {
    for (const auto* declared : unbound_) {
      Role role = *run_.directory().find<Role>(declared->account, declared->name);
      PolicyDocument trust = declared->trust_policy;
      if (auto bound = bind_principals(trust, run_.directory()); !bound) {
        run_.fail(label_of<Role>(role.name),
                  "Invalid principal in policy: \"AWS\":\"" + bound.error() + "\"");
        continue;
      }
      role.trust_policy.document = std::make_shared<const PolicyDocument>(std::move(trust));
      run_.put(std::move(role));
    }
  }

  void ensure_profile(const Declarations::DeclaredInstanceProfile& declared) {
    auto profile = run_.begin<InstanceProfile>(declared);
    if (!profile) return;
    if (declared.role) {
      const auto role = run_.directory().find<Role>(profile->account, *declared.role);
      if (!role && !declared.role->empty()) {
        return run_.fail(label_of<InstanceProfile>(profile->name),
                         "there is no role `" + *declared.role + "`");
      }
      profile->role = role ? role->name : "";
    }
    run_.put(*std::move(profile));
  }

  void add_missing_profiles() {
    for (const auto* role : unbound_) {
      if (run_.directory().find<InstanceProfile>(role->account, role->name)) continue;
      Declarations::DeclaredInstanceProfile profile;
      profile.account = role->account;
      profile.name = role->name;
      profile.role = role->name;
      ensure_profile(profile);
    }
  }

  const Declarations& declared_;
  Transaction& transaction_;
  EnsureRun run_;
  std::vector<const Declarations::DeclaredRole*> unbound_;  // in the order declared
};

}  // namespace

tl::expected<EnsureReport, std::vector<base::Error>> ensure(const Declarations& declarations,
                                                            const KnownIds& known_ids,
                                                            Transaction& transaction) {
  return Ensure(declarations, known_ids, transaction).run();
}

}  // namespace imdsd::iam
