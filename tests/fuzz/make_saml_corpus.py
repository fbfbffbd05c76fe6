#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the corpus of fuzz_saml anew, and the metadata that its responses verify by. The key is thrown away.

Run with the tests' Python (build/venv/bin/python).
"""

from __future__ import annotations

import sys
from datetime import datetime, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from support.saml_idp import SamlIdp  # noqa: E402

BOMB = """<?xml version="1.0"?>
<!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>
<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">&b;&c;</samlp:Response>
"""


def main() -> None:
    idp = SamlIdp()
    provider = "arn:aws:iam::123456789012:saml-provider/idp"
    attributes = {"Role": [f"arn:aws:iam::123456789012:role/app,{provider}"], "RoleSessionName": ["alice"]}
    issued = datetime(2026, 1, 1, tzinfo=timezone.utc)
    corpus = HERE / "corpus" / "saml"
    corpus.mkdir(exist_ok=True)
    files = {"assertion_signed": idp.signed(idp.response(attributes, issued=issued)),
             "response_signed": idp.signed(idp.response(attributes, issued=issued), whole=True),
             "metadata": idp.metadata().encode(), "bomb": BOMB.encode()}
    for name, content in files.items():
        (corpus / name).write_bytes(content)
    (HERE / "saml_metadata.h").write_text(
        "// SPDX-License-Identifier: MIT\n"
        "// Made by make_saml_corpus.py: whose responses are in corpus/saml/.\n"
        "#pragma once\n\n"
        f'// clang-format off\ninline constexpr char kSamlMetadata[] = R"xml({idp.metadata()})xml";\n'
        "// clang-format on\n")


if __name__ == "__main__":
    main()
