// SPDX-License-Identifier: MIT
#include "daemon/s3_state.h"

namespace imdsd::daemon {

S3State::S3State(const StateDir& state, base::Random& random)
    : index_(state.path_of(StateDir::kS3Database)),
      files_(state.path_of(StateDir::kS3Objects), random),
      store_(index_, files_),
      service_(index_, store_, random) {}

base::Result<void> S3State::open() {
  IMDSD_TRY(const bool exists, index_.open_existing());
  if (!exists) return {};
  return store_.recover();
}

}  // namespace imdsd::daemon
