// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/certificate.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "daemon/config.h"
#include "daemon/state_dir.h"
#include "http/server.h"

namespace imdsd::daemon {

/// What the certificate of the TLS ports is for: localhost, the loopback addresses, the addresses
/// in `listen` but 0.0.0.0 and [::], and `allowed_hosts`.
[[nodiscard]] base::CertificateNames server_names(const std::vector<base::SocketAddress>& listen,
                                                  const std::vector<std::string>& allowed_hosts);

/// The certificate of the TLS ports and the local authority that signed it. Both are made when they
/// are first wanted and kept in the state directory. The certificate is made anew 30 days before it
/// ends and when the names change; the authority, which clients trust, only when it may not vouch
/// for a new name, or before it ends. Thread-safe.
class TlsIdentity {
 public:
  static constexpr std::chrono::hours kLifetime{24 * 397};
  static constexpr std::chrono::hours kAuthorityLifetime{24 * 3650};
  static constexpr std::chrono::hours kRenewBefore{24 * 30};

  /// `state` and `random` outlive it. Errc::corrupt when the authority in the state directory
  /// cannot be read: it is never overwritten then.
  [[nodiscard]] static base::Result<std::unique_ptr<TlsIdentity>> open(const StateDir& state,
                                                                       base::Random& random,
                                                                       base::CertificateNames names,
                                                                       base::SystemTime now);

  [[nodiscard]] base::Result<void> change_names(base::CertificateNames names, base::SystemTime now);
  /// Renews what is about to end.
  [[nodiscard]] base::Result<void> renew(base::SystemTime now);

  /// For listeners.
  [[nodiscard]] std::shared_ptr<const http::TlsCell> cell() const noexcept { return cell_; }
  /// The authority's certificate in PEM.
  [[nodiscard]] std::string authority() const;

 private:
  TlsIdentity(const StateDir& state, base::Random& random)
      : state_(state), random_(random), cell_(std::make_shared<http::TlsCell>()) {}
  [[nodiscard]] base::Result<void> read();
  [[nodiscard]] base::Result<void> ensure(base::CertificateNames names, base::SystemTime now);
  [[nodiscard]] bool serves(const base::CertificateNames& names, base::SystemTime now) const;
  [[nodiscard]] base::Result<void> make_authority(const base::CertificateNames& names,
                                                  base::SystemTime now);
  [[nodiscard]] base::Result<void> issue(const base::CertificateNames& names, base::SystemTime now);
  [[nodiscard]] base::Result<void> publish();

  const StateDir& state_;
  base::Random& random_;
  const std::shared_ptr<http::TlsCell> cell_;
  mutable std::mutex mutex_;  // guards what follows
  base::CertificateNames names_;
  base::Secret authority_, server_;  // key and certificate, PEM; empty before they are made
};

}  // namespace imdsd::daemon
