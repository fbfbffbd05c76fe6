// SPDX-License-Identifier: MIT
#include "sts/get_access_key_info.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "aws/answer_xml.h"
#include "aws/ids.h"
#include "sts/authorize_action.h"
#include "sts/parameter_rules.h"

namespace imdsd::sts {
namespace {

bool is_key_id(std::string_view id) {
  constexpr std::array kPrefixes{aws::IdPrefix::AKIA, aws::IdPrefix::ASIA};
  for (const aws::IdPrefix prefix : kPrefixes) {
    if (id.starts_with(aws::to_string(prefix))) return true;
  }
  return false;
}

std::optional<std::string> account_of(std::string_view id, const iam::Directory& directory) {
  if (const auto owner = directory.find_access_key(id)) return owner->user->account;
  if (!is_key_id(id)) return std::nullopt;
  const auto account = aws::account_in_id(id);
  return account ? std::optional(account->text()) : std::nullopt;
}

}  // namespace

ActionAnswer get_access_key_info(const ActionRequest& request) {
  const auto id = request.parameters.get("AccessKeyId");
  aws::ParameterCheck check;
  check.text(kAccessKeyIdRule, id);
  if (auto error = check.error()) return {tl::unexpected(*std::move(error))};
  ActionAnswer answer{std::string()};
  if (auto error = refuse_action(request, {.name = "sts:GetAccessKeyInfo"}, answer)) {
    answer.xml = tl::unexpected(*std::move(error));
    return answer;
  }
  const auto account = account_of(*id, *request.authority.directory);
  if (!account) {
    answer.xml = aws::service_error(
        400, "ValidationError", "No account is known for the access key id " + std::string(*id));
    return answer;
  }
  answer.xml = aws::answer_xml("GetAccessKeyInfo", aws::kStsNamespace, request.request_id,
                               [&](base::XmlWriter& xml) { xml.leaf("Account", *account); });
  return answer;
}

}  // namespace imdsd::sts
