// SPDX-License-Identifier: MIT
#include "daemon/signing_key_file.h"

#include <utility>

#include "base/log.h"

namespace imdsd::daemon {

using base::Result;

Result<std::shared_ptr<const sts::SigningKeys>> SigningKeyFile::keys(base::SystemTime now) {
  const std::lock_guard lock(mutex_);
  if (!keys_) IMDSD_TRY_VOID(read());
  if (!keys_->due(now)) return keys_;
  if (auto rotated = rotate(now); !rotated) {
    if (keys_->all().empty()) return tl::unexpected(std::move(rotated).error());
    base::log_warn("signing keys are not replaced", {{"error", rotated.error().message}});
  }
  return keys_;
}

Result<void> SigningKeyFile::read() {
  IMDSD_TRY(const auto content, state_.read(StateDir::kSigningKeys));
  sts::SigningKeys read;
  if (content) {
    auto parsed = sts::SigningKeys::from_json(*content);
    if (!parsed) {
      return base::fail(base::Errc::corrupt,
                        "`" + state_.path_of(StateDir::kSigningKeys) +
                            "`: " + parsed.error().message +
                            "; restore it, or remove it, which ends all tokens signed with it");
    }
    read = *std::move(parsed);
  }
  keys_ = std::make_shared<const sts::SigningKeys>(std::move(read));
  return {};
}

Result<void> SigningKeyFile::rotate(base::SystemTime now) {
  IMDSD_TRY(auto next, keys_->rotated(now));
  IMDSD_TRY_VOID(state_.write(StateDir::kSigningKeys, next.to_json().reveal()));
  keys_ = std::make_shared<const sts::SigningKeys>(std::move(next));
  base::log_info("signing keys replaced", {{"keys", keys_->all().size()}});
  return {};
}

}  // namespace imdsd::daemon
