// SPDX-License-Identifier: MIT
#include "containers/credential_documents.h"

#include "aws/time_format.h"
#include "iam/json_writer.h"

namespace imdsd::containers {
namespace {

void write_keys(std::string_view token_name, const aws::Credentials& credentials,
                iam::JsonWriter& json) {
  json.member("AccessKeyId", credentials.access_key_id)
      .member("SecretAccessKey", credentials.secret_access_key.reveal())
      .member(token_name, credentials.session_token.reveal());
}

}  // namespace

std::string task_credentials(std::string_view role_arn, const aws::Credentials& credentials) {
  iam::JsonWriter json;
  json.begin_object().member("RoleArn", role_arn);
  write_keys("Token", credentials, json);
  json.member("Expiration", aws::format_iso8601(credentials.expiration)).end_object();
  return json.take();
}

std::string pod_credentials(std::string_view account, const aws::Credentials& credentials) {
  iam::JsonWriter json;
  json.begin_object();
  write_keys("Token", credentials, json);
  json.member("AccountId", account)
      .member("Expiration", aws::format_iso8601(credentials.expiration))
      .end_object();
  return json.take();
}

std::string process_credentials(std::string_view account, const aws::Credentials& credentials) {
  iam::JsonWriter json;
  json.begin_object().member("Version", 1);
  write_keys("SessionToken", credentials, json);
  json.member("Expiration", aws::format_iso8601(credentials.expiration))
      .member("AccountId", account)
      .end_object();
  return json.take();
}

}  // namespace imdsd::containers
