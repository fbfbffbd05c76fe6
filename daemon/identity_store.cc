// SPDX-License-Identifier: MIT
#include "daemon/identity_store.h"

#include <utility>

#include "base/log.h"

namespace imdsd::daemon {

base::Result<std::shared_ptr<const imds::IdentitySigner>> IdentityStore::signer(
    const std::string& region) {
  if (const auto found = signers_.find(region); found != signers_.end()) return found->second;
  const std::string file = file_name(region);
  IMDSD_TRY(const auto content, state_.read(file));
  std::shared_ptr<const imds::IdentitySigner> signer;
  if (content) {
    auto keys = imds::read_identity_keys(*content);
    if (!keys) {
      return base::fail(base::Errc::corrupt,
                        "`" + state_.path_of(file) + "`: " + keys.error().message +
                            "; restore it, or remove it, which makes new certificates");
    }
    signer = std::make_shared<const imds::IdentitySigner>(*std::move(keys));
  } else {
    signer =
        std::make_shared<const imds::IdentitySigner>([this, region] { return make_keys(region); });
  }
  signers_.emplace(region, signer);
  return signer;
}

base::Result<imds::IdentityKeys> IdentityStore::make_keys(const std::string& region) const {
  IMDSD_TRY(auto keys, imds::generate_identity_keys(region, clock_.now()));
  const auto written = state_.write(file_name(region), imds::identity_keys_pem(keys).reveal());
  if (written) {
    base::log_info("certificates for identity documents made", {{"region", region}});
  } else {
    base::log_warn("certificates for identity documents are not kept over a restart",
                   {{"region", region}, {"error", written.error().message}});
  }
  return keys;
}

}  // namespace imdsd::daemon
