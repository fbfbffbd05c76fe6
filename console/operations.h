// SPDX-License-Identifier: MIT
// What the console answers whoever is signed in. A function each; none needs more than the call and
// the parts.
#pragma once

#include <string>

#include "console/call.h"

namespace imdsd::console {

/// Who is signed in, and as whom: {"user", "identity", "role", "role_ended", "region", "auth_mode",
/// "csrf_token"}; the role where there is one, or why the last one is over.
[[nodiscard]] std::string describe_session(const Call& call);

/// For whom nobody is signed in: {"default_account"}.
[[nodiscard]] Reply welcome(const Call& call);
/// Which policies apply to the caller, and what they say of common actions.
[[nodiscard]] Reply permissions(const Call& call);
/// What the current session's requests are to be signed with, as AWS_* names have it, and whose
/// they are: "Arn".
[[nodiscard]] Reply credentials(const Call& call);
/// "may PRINCIPAL do ACTION on RESOURCE?": {"principal", "action", "resource", "keys"}; without a
/// principal, the caller. About others may ask who may simulate them: iam:SimulatePrincipalPolicy.
[[nodiscard]] Reply ask(const Call& call);
/// The instances of the caller's account, with ec2:DescribeInstances.
[[nodiscard]] Reply instances(const Call& call, const Parts& parts);
/// The last calls that concern the caller's account, with cloudtrail:LookupEvents; without it, the
/// user's own, as itself or in a role. `after` in the query: only what is newer than this number.
/// With them describe_session(): who asks again and again sees when it is somebody else.
[[nodiscard]] Reply requests(const Call& call, const Parts& parts);
/// Why a request of that list was denied: `id` in the query.
[[nodiscard]] Reply explanation(const Call& call, const Parts& parts);

/// Has the user assume a role, decided by STS: {"account", "role", "display_name", "color",
/// "session_name"}; the latter is the user's name where it is not given, as in the AWS console, of
/// one character with its account behind it. A
/// denial comes with what each layer said.
[[nodiscard]] tl::expected<SwitchedRole, Refusal> switch_role(const Call& call, const Parts& parts);

}  // namespace imdsd::console
