// SPDX-License-Identifier: MIT
// OpenID Connect providers
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html).
#pragma once

#include "iam/api/call.h"

namespace imdsd::iam::api {

[[nodiscard]] aws::Outcome<void> create_oidc_provider(Call& call);
[[nodiscard]] aws::Outcome<void> get_oidc_provider(Call& call);
[[nodiscard]] aws::Outcome<void> list_oidc_providers(Call& call);
[[nodiscard]] aws::Outcome<void> delete_oidc_provider(Call& call);
[[nodiscard]] aws::Outcome<void> update_oidc_thumbprint(Call& call);
[[nodiscard]] aws::Outcome<void> add_oidc_client_id(Call& call);
[[nodiscard]] aws::Outcome<void> remove_oidc_client_id(Call& call);

}  // namespace imdsd::iam::api
