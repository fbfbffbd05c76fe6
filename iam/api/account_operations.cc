// SPDX-License-Identifier: MIT
#include "iam/api/account.h"
#include "iam/api/errors.h"
#include "iam/api/operation.h"
#include "iam/api/paging.h"
#include "iam/api/quotas.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

constexpr Parameter kAccountAlias{"AccountAlias", Shape::alias, 3, 63};
constexpr Parameter kServiceName{"ServiceName", Shape::text, 0, 256};
constexpr Parameter kAllUsers{"AllUsers", Shape::boolean};

/// An account has one alias, and each alias belongs to one account.
Outcome<void> create_account_alias(Call& call) {
  return change_account(call, [&](Account& account, Transaction& transaction) -> Outcome<void> {
    const std::string alias = call.text("AccountAlias");
    bool taken = false;
    transaction.directory().all<Account>().visit_all(
        [&](const std::shared_ptr<const Account>& other) {
          taken = other->alias == alias;
          return !taken;
        });
    if (taken) return already_exists("The account alias " + alias + " already exists.");
    account.alias = alias;
    return {};
  });
}

Outcome<void> list_account_aliases(Call& call) {
  auto page = read_page(call);
  if (!page) return tl::unexpected(std::move(page).error());
  const auto account = find_account(call, *call.directory);
  call.xml.open("AccountAliases");
  if (account && !account->alias.empty()) call.xml.leaf("member", account->alias);
  call.xml.close().leaf("IsTruncated", "false");
  return {};
}

Outcome<void> delete_account_alias(Call& call) {
  return change_account(call, [&](Account& account, Transaction&) -> Outcome<void> {
    const std::string alias = call.text("AccountAlias");
    if (account.alias != alias) return cannot_be_found("account alias", alias);
    account.alias.clear();
    return {};
  });
}

struct Summary {
  std::string_view key;
  std::size_t value;
};

/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
std::vector<Summary> quotas() {
  return {{"UsersQuota", kMaxUsers},
          {"GroupsQuota", kMaxGroups},
          {"RolesQuota", kMaxRoles},
          {"InstanceProfilesQuota", kMaxInstanceProfiles},
          {"PoliciesQuota", kMaxPolicies},
          {"PolicyVersionsInUseQuota", kMaxPolicyVersionsInUse},
          {"ServerCertificatesQuota", kMaxServerCertificates},
          {"AccessKeysPerUserQuota", kMaxAccessKeysPerUser},
          {"GroupsPerUserQuota", kMaxGroupsPerUser},
          {"SigningCertificatesPerUserQuota", kMaxSigningCertificatesPerUser},
          {"AttachedPoliciesPerUserQuota", kMaxAttachedPolicies},
          {"AttachedPoliciesPerGroupQuota", kMaxAttachedPolicies},
          {"AttachedPoliciesPerRoleQuota", kMaxAttachedPolicies},
          {"VersionsPerPolicyQuota", kMaxVersionsPerPolicy},
          {"UserPolicySizeQuota", kMaxUserPolicySize},
          {"GroupPolicySizeQuota", kMaxGroupPolicySize},
          {"RolePolicySizeQuota", kMaxRolePolicySize},
          {"AssumeRolePolicySizeQuota", kMaxTrustPolicySize},
          {"PolicySizeQuota", kMaxManagedPolicySize}};
}

std::vector<Summary> counts(const Directory& directory, const std::string& account) {
  std::size_t versions = 0, devices_in_use = 0;
  directory.all<ManagedPolicy>().visit(account, "", [&](const auto& policy) {
    versions += policy->versions.size();
    return true;
  });
  directory.all<MfaDevice>().visit(account, "", [&](const auto& device) {
    if (!device->user_id.empty()) ++devices_in_use;
    return true;
  });
  const std::size_t providers =
      directory.all<OidcProvider>().count(account) + directory.all<SamlProvider>().count(account);
  return {{"Users", directory.all<User>().count(account)},
          {"Groups", directory.all<Group>().count(account)},
          {"Roles", directory.all<Role>().count(account)},
          {"InstanceProfiles", directory.all<InstanceProfile>().count(account)},
          {"Policies", directory.all<ManagedPolicy>().count(account)},
          {"PolicyVersionsInUse", versions},
          {"Providers", providers},
          {"MFADevices", directory.all<MfaDevice>().count(account)},
          {"MFADevicesInUse", devices_in_use},
          // The root user has no credentials here, and there are no certificates.
          {"ServerCertificates", 0},
          {"AccountMFAEnabled", 0},
          {"AccountAccessKeysPresent", 0},
          {"AccountPasswordPresent", 0},
          {"AccountSigningCertificatesPresent", 0},
          // Session tokens are good in all regions: version 2.
          {"GlobalEndpointTokenVersion", 2}};
}

Outcome<void> get_account_summary(Call& call) {
  call.xml.open("SummaryMap");
  for (const auto& part : {counts(*call.directory, call.account()), quotas()}) {
    for (const Summary& item : part) {
      call.xml.open("entry")
          .leaf("key", item.key)
          .leaf("value", std::to_string(item.value))
          .close();
    }
  }
  call.xml.close();
  return {};
}

/// Credentials of a kind that there are none of.
Outcome<void> list_none(Call& call, std::string_view list, bool of_user) {
  if (of_user && !is_about_root(call)) {
    if (auto user = find_user(call, *call.directory); !user) {
      return tl::unexpected(std::move(user).error());
    }
  }
  return write_page(call, list, {});
}

Outcome<void> list_ssh_public_keys(Call& call) {
  return list_none(call, "SSHPublicKeys", true);
}
Outcome<void> list_signing_certificates(Call& call) {
  return list_none(call, "Certificates", true);
}
Outcome<void> list_service_specific_credentials(Call& call) {
  return list_none(call, "ServiceSpecificCredentials",
                   !read_boolean(call.parameters, "AllUsers", false));
}
Outcome<void> list_server_certificates(Call& call) {
  return list_none(call, "ServerCertificateMetadataList", false);
}

constexpr std::array kOperations{
    Operation{"CreateAccountAlias",
              Acts::on_account,
              {required(kAccountAlias)},
              create_account_alias,
              false},
    Operation{"ListAccountAliases",
              Acts::on_account,
              {optional(kMarker), optional(kMaxItems)},
              list_account_aliases},
    Operation{"DeleteAccountAlias",
              Acts::on_account,
              {required(kAccountAlias)},
              delete_account_alias,
              false},
    Operation{"GetAccountPasswordPolicy", Acts::on_account, {}, get_account_password_policy},
    Operation{"UpdateAccountPasswordPolicy",
              Acts::on_account,
              {optional(kMinimumPasswordLength), optional(kRequireSymbols),
               optional(kRequireNumbers), optional(kRequireUppercase), optional(kRequireLowercase),
               optional(kAllowUsersToChangePassword), optional(kMaxPasswordAge),
               optional(kPasswordReusePrevention), optional(kHardExpiry)},
              update_account_password_policy,
              false},
    Operation{
        "DeleteAccountPasswordPolicy", Acts::on_account, {}, delete_account_password_policy, false},
    Operation{"EnableOutboundWebIdentityFederation",
              Acts::on_account,
              {},
              enable_outbound_web_identity_federation},
    Operation{"DisableOutboundWebIdentityFederation",
              Acts::on_account,
              {},
              disable_outbound_web_identity_federation,
              false},
    Operation{"GetOutboundWebIdentityFederationInfo",
              Acts::on_account,
              {},
              get_outbound_web_identity_federation_info},
    Operation{"GetAccountSummary", Acts::on_account, {}, get_account_summary},
    Operation{"GetAccountAuthorizationDetails",
              Acts::on_account,
              {optional(kFilter), optional(kMaxItems), optional(kMarker)},
              get_account_authorization_details},
    Operation{"GenerateCredentialReport", Acts::on_account, {}, generate_credential_report},
    Operation{"GetCredentialReport", Acts::on_account, {}, get_credential_report},
    Operation{"ListSSHPublicKeys",
              Acts::on_user,
              {optional(kCreatedUserName), optional(kMarker), optional(kMaxItems)},
              list_ssh_public_keys},
    Operation{"ListSigningCertificates",
              Acts::on_user,
              {optional(kUserName), optional(kMarker), optional(kMaxItems)},
              list_signing_certificates},
    Operation{"ListServiceSpecificCredentials",
              Acts::on_user,
              {optional(kCreatedUserName), optional(kServiceName), optional(kAllUsers),
               optional(kMarker), optional(kMaxItems)},
              list_service_specific_credentials},
    Operation{"ListServerCertificates",
              Acts::on_account,
              {optional(kPathPrefix), optional(kMarker), optional(kMaxItems)},
              list_server_certificates},
};

}  // namespace

std::span<const Operation> account_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
