// SPDX-License-Identifier: MIT
#pragma once

namespace imdsd::base {

/// Forgets the errors that OpenSSL keeps for the calling thread. Whoever calls a library that uses
/// OpenSSL and expects failures does this afterwards: a later TLS call of the same thread would
/// take them for its own (SSL_get_error(3)).
void clear_crypto_errors() noexcept;

}  // namespace imdsd::base
