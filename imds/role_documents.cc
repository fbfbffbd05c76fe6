// SPDX-License-Identifier: MIT
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
#include "imds/role_documents.h"

#include <algorithm>
#include <utility>

#include "aws/time_format.h"
#include "base/http_date.h"
#include "imds/ec2_json.h"

namespace imdsd::imds {
namespace {

constexpr std::string_view kSuccess = "Success";
constexpr std::string_view kProfileNotFound = "InstanceProfileNotFound";

std::string credentials_document(const RoleDocumentInput& input,
                                 const aws::Credentials& credentials, bool with_account) {
  Ec2Json json;
  json.text("Code", kSuccess)
      .text("LastUpdated", aws::format_iso8601(input.last_updated))
      .text("Type", "AWS-HMAC")
      .text("AccessKeyId", credentials.access_key_id)
      .text("SecretAccessKey", credentials.secret_access_key.reveal())
      .text("Token", credentials.session_token.reveal())
      .text("Expiration", aws::format_iso8601(credentials.expiration));
  if (with_account) json.text("AccountId", input.account_id);
  return json.take();
}

/// Answered with status 200, as EC2 does it; without key material, so that no client can use it.
std::string failure_document(const RoleDocumentInput& input, std::string_view code,
                             std::string_view message) {
  return Ec2Json()
      .text("Code", code)
      .text("Message", message)
      .text("LastUpdated", aws::format_iso8601(input.last_updated))
      .take();
}

/// The codes that say something about the profile are those of
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html
std::string info_document(const RoleDocumentInput& input) {
  Ec2Json json;
  json.text("Code", input.failure_code == kProfileNotFound ? kProfileNotFound : kSuccess);
  if (input.role_name.empty()) json.text("Message", "Instance Profile does not contain a role.");
  json.text("LastUpdated", aws::format_iso8601(input.last_updated))
      .text("InstanceProfileArn", input.instance_profile_arn)
      .text("InstanceProfileId", input.instance_profile_id);
  return json.take();
}

void set_failure(RoleDocuments& documents, const RoleDocumentInput& input) {
  const std::string code = input.failure_code.empty() ? "Failed" : input.failure_code;
  const std::string message = input.failure_message.empty()
                                  ? "No credentials could be obtained for role " + input.role_name
                                  : input.failure_message;
  documents.credentials_v1 = failure_document(input, code, message);
  documents.credentials_v2 = documents.credentials_v1;
  documents.extended_v1 = documents.credentials_v1;
  documents.extended_v2 = documents.credentials_v1;
}

void set_credentials(RoleDocuments& documents, const RoleDocumentInput& input) {
  documents.credentials_v1 = credentials_document(input, *input.imdsv1, false);
  documents.credentials_v2 = credentials_document(input, *input.imdsv2, false);
  if (input.extended) {
    documents.extended_v1 = credentials_document(input, *input.imdsv1, true);
    documents.extended_v2 = credentials_document(input, *input.imdsv2, true);
  }
  documents.access_key_id_v1 = input.imdsv1->access_key_id;
  documents.access_key_id_v2 = input.imdsv2->access_key_id;
  const auto expiration = std::min(input.imdsv1->expiration, input.imdsv2->expiration);
  documents.expiration = expiration;
  documents.expired =
      input.failure_code.empty()
          ? failure_document(input, "Failed",
                             "The credentials of role " + input.role_name + " expired at " +
                                 aws::format_iso8601(expiration) + " and could not be renewed")
          : failure_document(input, input.failure_code, input.failure_message);
}

}  // namespace

RoleDocuments render_role_documents(const RoleDocumentInput& input) {
  RoleDocuments documents;
  documents.role_name = input.role_name;
  documents.info = info_document(input);
  documents.last_modified = base::HttpDate(input.last_updated);
  if (input.imdsv1 != nullptr && input.imdsv2 != nullptr) {
    set_credentials(documents, input);
  } else {
    set_failure(documents, input);
  }
  return documents;
}

RoleDocuments with_failure(const RoleDocuments& documents, std::string code, std::string message,
                           base::SystemTime last_updated) {
  RoleDocumentInput input;
  input.role_name = documents.role_name;
  input.last_updated = last_updated;
  input.failure_code = std::move(code);
  input.failure_message = std::move(message);
  RoleDocuments failed = documents;
  failed.expiration.reset();
  failed.access_key_id_v1.clear();
  failed.access_key_id_v2.clear();
  set_failure(failed, input);
  return failed;
}

}  // namespace imdsd::imds
