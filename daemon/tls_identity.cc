// SPDX-License-Identifier: MIT
#include "daemon/tls_identity.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/codec.h"
#include "base/log.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::Result;
using base::Secret;

template <class T>
void add_once(std::vector<T>& list, T value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(std::move(value));
}

/// What an authority vouches for is so much shorter: `localhost` covers all below it.
base::CertificateNames without_subdomains(base::CertificateNames names) {
  std::erase_if(names.dns, [](const std::string& name) { return name.ends_with(".localhost"); });
  return names;
}

/// Tells one authority from another in a browser's or a system's list.
std::string label(base::Random& random) {
  std::array<std::byte, 4> bytes{};
  random.fill(bytes);
  return base::hex_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

base::CertificateNames server_names(const std::vector<base::SocketAddress>& listen,
                                    const std::vector<std::string>& allowed_hosts) {
  // OpenSSL takes no wildcard right below a top-level name, so the services have theirs.
  base::CertificateNames names{{"localhost", "*.localhost", "sts.localhost", "iam.localhost",
                                "s3.localhost", "ec2.localhost"},
                               {}};
  for (const std::string& host : allowed_hosts) add_once(names.dns, host);
  std::array<std::uint8_t, 16> v6_loopback{};
  v6_loopback[15] = 1;
  names.ips = {base::IpAddress::from_v4({127, 0, 0, 1}), base::IpAddress::from_v6(v6_loopback)};
  for (const auto& address : listen) {
    if (!address.ip.is_unspecified()) add_once(names.ips, address.ip);
  }
  return names;
}

Result<std::unique_ptr<TlsIdentity>> TlsIdentity::open(const StateDir& state, base::Random& random,
                                                       base::CertificateNames names,
                                                       base::SystemTime now) {
  std::unique_ptr<TlsIdentity> identity(new TlsIdentity(state, random));
  IMDSD_TRY_VOID(identity->read());
  IMDSD_TRY_VOID(identity->ensure(std::move(names), now));
  IMDSD_TRY_VOID(identity->publish());
  return identity;
}

Result<void> TlsIdentity::change_names(base::CertificateNames names, base::SystemTime now) {
  const std::lock_guard lock(mutex_);
  if (names == names_) return {};
  IMDSD_TRY_VOID(ensure(std::move(names), now));
  return publish();
}

Result<void> TlsIdentity::renew(base::SystemTime now) {
  const std::lock_guard lock(mutex_);
  if (serves(names_, now)) return {};
  IMDSD_TRY_VOID(ensure(names_, now));
  return publish();
}

std::string TlsIdentity::authority() const {
  const std::lock_guard lock(mutex_);
  return base::public_certificate(authority_.reveal()).value_or("");
}

Result<void> TlsIdentity::read() {
  IMDSD_TRY(auto authority, state_.read(StateDir::kAuthority));
  IMDSD_TRY(auto server, state_.read(StateDir::kServerCertificate));
  if (authority) {
    authority_ = Secret(std::move(*authority));
    if (const auto usable = base::public_certificate(authority_.reveal()); !usable) {
      return base::fail(Errc::corrupt,
                        "`" + state_.path_of(StateDir::kAuthority) +
                            "`: " + usable.error().message +
                            "; restore it, or remove it, and let clients trust the new one");
    }
  }
  if (server) server_ = Secret(std::move(*server));
  return {};
}

/// What clients find good now, and still in a month.
bool TlsIdentity::serves(const base::CertificateNames& names, base::SystemTime now) const {
  const auto told = base::certificate_names(server_.reveal());
  const auto trusted = [this](base::SystemTime at) {
    return base::verify_server_certificate(authority_.reveal(), server_.reveal(), at).has_value();
  };
  return told && *told == names && trusted(now) && trusted(now + kRenewBefore);
}

Result<void> TlsIdentity::ensure(base::CertificateNames names, base::SystemTime now) {
  if (authority_.empty()) IMDSD_TRY_VOID(make_authority(names, now));
  if (!serves(names, now)) IMDSD_TRY_VOID(issue(names, now));
  if (!serves(names, now)) {
    base::log_warn("the local certificate authority is made anew: clients must trust the new one",
                   {{"file", state_.path_of(StateDir::kAuthorityCertificate)}});
    IMDSD_TRY_VOID(make_authority(names, now));
    IMDSD_TRY_VOID(issue(names, now));
  }
  names_ = std::move(names);
  return {};
}

Result<void> TlsIdentity::make_authority(const base::CertificateNames& names,
                                         base::SystemTime now) {
  IMDSD_TRY(authority_,
            base::make_certificate_authority({"imdsd local CA " + label(random_),
                                              without_subdomains(names), now, kAuthorityLifetime},
                                             random_));
  return state_.write(StateDir::kAuthority, authority_.reveal());
}

Result<void> TlsIdentity::issue(const base::CertificateNames& names, base::SystemTime now) {
  IMDSD_TRY(server_, base::issue_server_certificate(
                         authority_, {names.dns.front(), names, now, kLifetime}, random_));
  return state_.write(StateDir::kServerCertificate, server_.reveal());
}

Result<void> TlsIdentity::publish() {
  IMDSD_TRY(const auto certificate, base::public_certificate(authority_.reveal()));
  IMDSD_TRY_VOID(state_.write(StateDir::kAuthorityCertificate, certificate));
  IMDSD_TRY(auto context, base::TlsContext::for_server(server_.reveal(), server_));
  cell_->store(std::move(context));
  return {};
}

}  // namespace imdsd::daemon
