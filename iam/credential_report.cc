// SPDX-License-Identifier: MIT
#include "iam/credential_report.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "aws/time_format.h"

namespace imdsd::iam {
namespace {

constexpr std::string_view kHeader =
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
    "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
    "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
    "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
constexpr std::size_t kKeys = 2;  // that the report has columns for
constexpr const char* kNone = "N/A";

using Fields = std::vector<std::string>;

/// "2019-04-01T23:51:37+00:00"
std::string date(base::SystemTime time) {
  std::string text = aws::format_iso8601(time);
  text.pop_back();
  return text + "+00:00";
}

std::string flag(bool value) {
  return value ? "true" : "false";
}

/// RFC 4180: names of users may have commas, but no quotation marks.
void append_line(const Fields& fields, std::string& out) {
  char before = '\n';
  for (const std::string& field : fields) {
    const bool quoted = field.find(',') != std::string::npos;
    out.push_back(before);
    out.append(quoted ? "\"" : "").append(field).append(quoted ? "\"" : "");
    before = ',';
  }
}

void append(std::initializer_list<std::string> fields, Fields& out) {
  out.insert(out.end(), fields);
}

void append_password(const User& user, const Account* account, const UsageTracker& usage,
                     Fields& out) {
  if (!user.login_profile) return append({"false", kNone, kNone, kNone}, out);
  const auto used = usage.find(user.unique_id);
  const base::SystemTime changed = user.login_profile->changed;
  const unsigned max_age =
      account && account->password_policy ? account->password_policy->max_age_days : 0;
  append({"true", used ? date(used->time) : "no_information", date(changed),
          max_age == 0 ? kNone : date(changed + std::chrono::days(max_age))},
         out);
}

void append_keys(const User& user, const UsageTracker& usage, Fields& out) {
  for (std::size_t i = 0; i < kKeys; ++i) {
    if (i >= user.access_keys.size()) {
      append({"false", kNone, kNone, kNone, kNone}, out);
      continue;
    }
    const AccessKey& key = user.access_keys[i];
    append({flag(key.active), date(key.created)}, out);
    const auto used = usage.find(key.id);
    if (used) append({date(used->time), used->region, used->service}, out);
    if (!used) append({kNone, kNone, kNone}, out);
  }
}

void append_certificates(Fields& out) {
  append({"false", kNone, "false", kNone}, out);
}

Fields root_fields(std::string_view account, std::string_view partition, base::SystemTime created) {
  Fields fields{"<root_account>", make_arn(partition, account, "root", "", ""),
                date(created),    "not_supported",
                "no_information", "not_supported",
                "not_supported",  "false"};
  append_keys(User(), UsageTracker(), fields);
  append_certificates(fields);
  return fields;
}

Fields user_fields(const User& user, const Account* account, const Directory& directory,
                   const UsageTracker& usage, std::string_view partition) {
  Fields fields{user.name, arn_of(user, partition), date(user.created)};
  append_password(user, account, usage, fields);
  fields.push_back(flag(!directory.mfa_device_ids(user.unique_id).empty()));
  append_keys(user, usage, fields);
  append_certificates(fields);
  return fields;
}

}  // namespace

std::string credential_report(const Directory& directory, const UsageTracker& usage,
                              std::string_view account_id, std::string_view partition,
                              base::SystemTime now) {
  const auto account = directory.find<Account>(account_id, account_id);
  // Accounts are not created here: they are as old as the oldest thing in them.
  base::SystemTime oldest = account ? account->created : now;
  std::string users;
  directory.all<User>().visit(account_id, "", [&](const std::shared_ptr<const User>& user) {
    oldest = std::min(oldest, user->created);
    append_line(user_fields(*user, account.get(), directory, usage, partition), users);
    return true;
  });
  std::string report(kHeader);
  append_line(root_fields(account_id, partition, oldest), report);
  return report + users;
}

}  // namespace imdsd::iam
