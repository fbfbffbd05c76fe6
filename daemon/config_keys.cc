// SPDX-License-Identifier: MIT
#include "daemon/config_schema.h"

namespace imdsd::daemon {
namespace {

constexpr bool kRestart = false;  // `reloadable`: a change waits for the next start

constexpr KeyInfo kKeys[] = {
    {"state_dir", KeyType::string, "\"\"", kRestart},
    {"log.level", KeyType::string, "\"info\""},
    {"log.format", KeyType::string, "\"text\""},
    {"imds.listen", KeyType::string_list, "[\"127.0.0.1:1338\"]", kRestart},
    {"imds.http_tokens", KeyType::string, "\"optional\""},
    {"imds.http_endpoint", KeyType::string, "\"enabled\""},
    {"imds.hop_limit", KeyType::integer, "2"},
    {"imds.allowed_hosts", KeyType::string_list, "[]"},
    {"imds.extended_credentials", KeyType::boolean, "false"},
    {"aws.listen", KeyType::string_list, "[\"127.0.0.1:1339\"]", kRestart},
    {"aws.tls_listen", KeyType::string_list, "[]", kRestart},
    {"aws.issuer_url", KeyType::string, "\"\""},
    {"aws.account_id", KeyType::string, "\"123456789012\""},
    {"aws.region", KeyType::string, "\"us-east-1\""},
    {"aws.allowed_hosts", KeyType::string_list, "[]"},
    {"admin.socket", KeyType::string, "\"\"", kRestart},
    {"admin.group", KeyType::string, "\"\"", kRestart},
    {"auth.mode", KeyType::string, "\"enforce\""},
    {"auth.allow_remote", KeyType::boolean, "false"},
    {"sts.oidc_fetch", KeyType::string_list, "[]"},
    {"sts.oidc_private_ranges", KeyType::string_list, "[]"},
    {"sts.oidc_ca", KeyType::string, ""},
    {"sts.oidc_ca_file", KeyType::string, ""},
    {"sts.oidc_issuer.*.url", KeyType::string, ""},
    {"sts.oidc_issuer.*.jwks", KeyType::string, ""},
    {"sts.oidc_issuer.*.jwks_file", KeyType::string, ""},
    {"sts.oidc_issuer.*.discovery", KeyType::string, ""},
    {"sts.oidc_issuer.*.discovery_file", KeyType::string, ""},
    {"credentials.lifetime", KeyType::duration, "\"6h\""},
    {"organization.management_account", KeyType::string, ""},
    {"organization.delegated_administrators", KeyType::string_list, "[]"},
    {"organization.member_accounts", KeyType::string_list, "[]"},
    {"http.max_connections", KeyType::integer, "16384", kRestart},
    {"http.max_buffered_bytes", KeyType::integer, "67108864", kRestart},
    {"http.event_threads", KeyType::integer, "2", kRestart},
    {"http.worker_threads", KeyType::integer, "4", kRestart},
    {"http.head_timeout", KeyType::duration, "\"10s\"", kRestart},
    {"http.body_timeout", KeyType::duration, "\"30s\"", kRestart},
    {"http.idle_timeout", KeyType::duration, "\"75s\"", kRestart},
    {"http.send_timeout", KeyType::duration, "\"10s\"", kRestart},
    {"http.drain_timeout", KeyType::duration, "\"5s\"", kRestart},
    {"instance.*.id", KeyType::string, "\"i-0a1b2c3d4e5f60718\""},
    {"instance.*.type", KeyType::string, "\"t3.micro\""},
    {"instance.*.availability_zone", KeyType::string, ""},
    {"instance.*.profile", KeyType::string, ""},
    {"instance.*.ami_id", KeyType::string, ""},
    {"instance.*.local_ipv4", KeyType::string, ""},
    {"instance.*.mac", KeyType::string, ""},
    {"instance.*.hostname", KeyType::string, ""},
    {"instance.*.public_ipv4", KeyType::string, ""},
    {"instance.*.user_data", KeyType::string, ""},
    {"instance.*.user_data_file", KeyType::string, ""},
    {"iam.role.*.name", KeyType::string, ""},
    {"iam.role.*.account", KeyType::string, ""},
    {"iam.role.*.path", KeyType::string, "\"/\""},
    {"iam.role.*.tags.*.key", KeyType::string, ""},
    {"iam.role.*.tags.*.value", KeyType::string, ""},
    {"iam.role.*.policies.*.name", KeyType::string, ""},
    {"iam.role.*.policies.*.document", KeyType::string, ""},
    {"iam.role.*.policies.*.document_file", KeyType::string, ""},
    {"iam.role.*.attached", KeyType::string_list, "[]"},
    {"iam.role.*.trust_policy", KeyType::string, ""},
    {"iam.role.*.trust_policy_file", KeyType::string, ""},
    {"iam.role.*.permissions_boundary", KeyType::string, ""},
    {"iam.role.*.description", KeyType::string, ""},
    {"iam.role.*.max_session_duration", KeyType::seconds, "3600"},
    {"iam.user.*.name", KeyType::string, ""},
    {"iam.user.*.account", KeyType::string, ""},
    {"iam.user.*.path", KeyType::string, "\"/\""},
    {"iam.user.*.tags.*.key", KeyType::string, ""},
    {"iam.user.*.tags.*.value", KeyType::string, ""},
    {"iam.user.*.policies.*.name", KeyType::string, ""},
    {"iam.user.*.policies.*.document", KeyType::string, ""},
    {"iam.user.*.policies.*.document_file", KeyType::string, ""},
    {"iam.user.*.attached", KeyType::string_list, "[]"},
    {"iam.user.*.permissions_boundary", KeyType::string, ""},
    {"iam.user.*.groups", KeyType::string_list, "[]"},
    {"iam.user.*.access_keys.*.id", KeyType::string, ""},
    {"iam.user.*.access_keys.*.secret_env", KeyType::string, ""},
    {"iam.user.*.access_keys.*.secret_file", KeyType::string, ""},
    {"iam.group.*.name", KeyType::string, ""},
    {"iam.group.*.account", KeyType::string, ""},
    {"iam.group.*.path", KeyType::string, "\"/\""},
    {"iam.group.*.tags.*.key", KeyType::string, ""},
    {"iam.group.*.tags.*.value", KeyType::string, ""},
    {"iam.group.*.policies.*.name", KeyType::string, ""},
    {"iam.group.*.policies.*.document", KeyType::string, ""},
    {"iam.group.*.policies.*.document_file", KeyType::string, ""},
    {"iam.group.*.attached", KeyType::string_list, "[]"},
    {"iam.policy.*.name", KeyType::string, ""},
    {"iam.policy.*.account", KeyType::string, ""},
    {"iam.policy.*.path", KeyType::string, "\"/\""},
    {"iam.policy.*.tags.*.key", KeyType::string, ""},
    {"iam.policy.*.tags.*.value", KeyType::string, ""},
    {"iam.policy.*.document", KeyType::string, ""},
    {"iam.policy.*.document_file", KeyType::string, ""},
    {"iam.policy.*.description", KeyType::string, ""},
    {"iam.instance_profile.*.name", KeyType::string, ""},
    {"iam.instance_profile.*.account", KeyType::string, ""},
    {"iam.instance_profile.*.path", KeyType::string, "\"/\""},
    {"iam.instance_profile.*.tags.*.key", KeyType::string, ""},
    {"iam.instance_profile.*.tags.*.value", KeyType::string, ""},
    {"iam.instance_profile.*.role", KeyType::string, ""},
    {"iam.oidc_provider.*.url", KeyType::string, ""},
    {"iam.oidc_provider.*.account", KeyType::string, ""},
    {"iam.oidc_provider.*.client_ids", KeyType::string_list, "[]"},
    {"iam.oidc_provider.*.thumbprints", KeyType::string_list, "[]"},
    {"iam.oidc_provider.*.tags.*.key", KeyType::string, ""},
    {"iam.oidc_provider.*.tags.*.value", KeyType::string, ""},
    {"iam.account.*.id", KeyType::string, ""},
    {"iam.account.*.service_control.*.name", KeyType::string, ""},
    {"iam.account.*.service_control.*.document", KeyType::string, ""},
    {"iam.account.*.service_control.*.document_file", KeyType::string, ""},
    {"iam.account.*.resource_control.*.name", KeyType::string, ""},
    {"iam.account.*.resource_control.*.document", KeyType::string, ""},
    {"iam.account.*.resource_control.*.document_file", KeyType::string, ""},
};

}  // namespace

std::span<const KeyInfo> config_keys() {
  return kKeys;
}

std::string_view to_string(KeyType type) {
  switch (type) {
    case KeyType::string:
      return "string";
    case KeyType::integer:
      return "integer";
    case KeyType::boolean:
      return "boolean";
    case KeyType::duration:
      return "duration";
    case KeyType::seconds:
      return "seconds";
    case KeyType::string_list:
      return "list of strings";
  }
  return "";
}

}  // namespace imdsd::daemon
