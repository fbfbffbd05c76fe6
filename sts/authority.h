// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "iam/caller.h"
#include "iam/control_policies.h"
#include "iam/directory.h"
#include "sts/key_ring.h"
#include "sts/oidc_key_source.h"
#include "sts/organization.h"
#include "sts/signing_keys.h"

namespace imdsd::sts {

/// Everything STS decides by, immutable and published whole (base::SnapshotCell<Authority>). A
/// request loads it once and uses nothing newer; the keys of issuers alone may be fetched
/// meanwhile.
struct Authority {
  std::shared_ptr<const iam::Directory> directory;
  std::shared_ptr<const KeyRing> key_ring;
  std::shared_ptr<const iam::ControlPolicies> control_policies =
      std::make_shared<const iam::ControlPolicies>();
  std::shared_ptr<const Organization> organization = std::make_shared<const Organization>();
  iam::AuthMode mode = iam::AuthMode::enforce;
  std::string partition = "aws";
  std::shared_ptr<OidcKeySource> oidc_keys;  // none: no issuer is known
  /// Signs what GetWebIdentityToken gives; it outlives the requests.
  std::shared_ptr<SigningKeySource> signing_keys = {};
  std::string issuer_url = {};  // what issuers' URLs begin with: "https://localhost:1343"
  std::string default_account;  // auth.mode = "off": the account of a key that names none
};

}  // namespace imdsd::sts
