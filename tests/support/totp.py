# SPDX-License-Identifier: MIT
"""One-time codes, with the standard library alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct


def code(seed: bytes, step: int) -> str:
    """RFC 6238, of a seed in base32."""
    mac = hmac.new(base64.b32decode(seed), struct.pack(">q", step), hashlib.sha1).digest()
    (number,) = struct.unpack_from(">I", mac, mac[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"
