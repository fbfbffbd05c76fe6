// SPDX-License-Identifier: MIT
#include "daemon/signing_key_file.h"

#include <utility>

#include "base/log.h"

namespace imdsd::daemon {

using base::Result;

Result<std::shared_ptr<const sts::SigningKeys>> SigningKeyFile::keys(base::SystemTime now) {
  auto current = keys_.load();
  if (current && !current->due(now)) return current;
  std::unique_lock lock(replacing_, std::defer_lock);
  if (!current || current->all().empty()) {
    lock.lock();
  } else if (!lock.try_lock()) {
    return current;  // somebody is at it: the old ones go on meanwhile
  }
  return replaced(now);
}

Result<SigningKeyFile::Keys> SigningKeyFile::replaced(base::SystemTime now) {
  auto current = keys_.load();
  if (!current) {
    IMDSD_TRY(current, read());
    keys_.store(current);
  }
  if (!current->due(now)) return current;
  auto made = make(*current, now);
  return made || current->all().empty() ? made : current;
}

Result<SigningKeyFile::Keys> SigningKeyFile::read() const {
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
  return std::make_shared<const sts::SigningKeys>(std::move(read));
}

Result<SigningKeyFile::Keys> SigningKeyFile::make(const sts::SigningKeys& old,
                                                  base::SystemTime now) {
  // A clock that was set back ends the pause, too.
  if (failure_ && now >= failure_->at && now < failure_->at + kRetryAfter) {
    return tl::unexpected(failure_->error);
  }
  auto made = try_to_make(old, now);
  if (made) {
    failure_.reset();
    keys_.store(*made);
    base::log_info("signing keys replaced", {{"keys", (*made)->all().size()}});
  } else {
    failure_ = Failure{made.error(), now};
    base::log_warn("signing keys are not replaced",
                   {{"error", made.error().message}, {"retry_after_seconds", kRetryAfter.count()}});
  }
  return made;
}

/// Whoever asks while the disk is full must not have an RSA key made each time.
Result<SigningKeyFile::Keys> SigningKeyFile::try_to_make(const sts::SigningKeys& old,
                                                         base::SystemTime now) {
  if (!unwritten_ || now < unwritten_->made || now >= unwritten_->made + kKeepUnwritten) {
    IMDSD_TRY(auto next, old.rotated(now));
    unwritten_ = Unwritten{std::move(next), now};
  }
  IMDSD_TRY_VOID(state_.write(StateDir::kSigningKeys, unwritten_->keys.to_json().reveal()));
  auto written = std::make_shared<const sts::SigningKeys>(std::move(unwritten_->keys));
  unwritten_.reset();
  return written;
}

}  // namespace imdsd::daemon
