// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "sts/session_token.h"

namespace imdsd::sts {

/// The plaintext of a session token: fields of tag (one byte), length (LEB128) and bytes, in the
/// order of their tags; empty fields are left out. Both directions are deterministic.
enum class Packed { kept, left_out };  // session policies and tags
[[nodiscard]] base::Secret encode_claims(const SessionClaims& claims, Packed packed = Packed::kept);
/// Errc::corrupt for anything encode_claims() does not write: unknown tags, wrong order, trailing
/// bytes.
[[nodiscard]] base::Result<SessionClaims> decode_claims(std::string_view bytes);

}  // namespace imdsd::sts
