// SPDX-License-Identifier: MIT
#include "sts/service.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "sts/assume_role.h"
#include "sts/assume_role_with_saml.h"
#include "sts/assume_role_with_web_identity.h"
#include "sts/assume_root.h"
#include "sts/decode_authorization_message.h"
#include "sts/get_access_key_info.h"
#include "sts/get_caller_identity.h"
#include "sts/get_delegated_access_token.h"
#include "sts/get_federation_token.h"
#include "sts/get_session_token.h"
#include "sts/get_web_identity_token.h"
#include "sts/session_limits.h"

namespace imdsd::sts {
namespace {

struct Action {
  std::string_view name;
  bool is_unsigned;
  ActionAnswer (*call)(const ActionRequest&);
};

constexpr std::array kActions{
    Action{"AssumeRole", false, assume_role},
    Action{"AssumeRoleWithSAML", true, assume_role_with_saml},
    Action{"AssumeRoleWithWebIdentity", true, assume_role_with_web_identity},
    Action{"AssumeRoot", false, assume_root},
    Action{"DecodeAuthorizationMessage", false, decode_authorization_message},
    Action{"GetAccessKeyInfo", false, get_access_key_info},
    Action{"GetCallerIdentity", false, get_caller_identity},
    Action{"GetDelegatedAccessToken", false, get_delegated_access_token},
    Action{"GetFederationToken", false, get_federation_token},
    Action{"GetSessionToken", false, get_session_token},
    Action{"GetWebIdentityToken", false, get_web_identity_token},
};

const Action* find(std::string_view name) {
  const auto found = std::find_if(kActions.begin(), kActions.end(),
                                  [&](const Action& action) { return action.name == name; });
  return found == kActions.end() ? nullptr : found;
}

}  // namespace

bool is_unsigned_action(std::string_view action) {
  const Action* const found = find(action);
  return found != nullptr && found->is_unsigned;
}

bool has_action(std::string_view action) {
  return find(action) != nullptr;
}

std::vector<std::string_view> action_names() {
  std::vector<std::string_view> names;
  for (const Action& action : kActions) names.push_back(action.name);
  return names;
}

ActionAnswer call(std::string_view action, const ActionRequest& request) {
  const Action* const found = find(action);
  assert(found != nullptr);
  if (auto error = refuse_sts_action(request.caller, action)) {
    return {tl::unexpected(*std::move(error))};
  }
  return found->call(request);
}

}  // namespace imdsd::sts
