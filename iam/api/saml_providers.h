// SPDX-License-Identifier: MIT
// SAML 2.0 providers
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html).
#pragma once

#include "iam/api/call.h"

namespace imdsd::iam::api {

[[nodiscard]] aws::Outcome<void> create_saml_provider(Call& call);
[[nodiscard]] aws::Outcome<void> get_saml_provider(Call& call);
[[nodiscard]] aws::Outcome<void> list_saml_providers(Call& call);
[[nodiscard]] aws::Outcome<void> update_saml_provider(Call& call);
[[nodiscard]] aws::Outcome<void> delete_saml_provider(Call& call);

}  // namespace imdsd::iam::api
