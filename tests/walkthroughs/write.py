#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""write.py PAGE...: runs each page, and puts what really came in the place of what it shows wrong.

For who writes pages: give each command without its output, run this, and read what it has made of the page.
With the tests' Python (build/venv/bin/python) and, as the tests, IMDSD_BIN_DIR.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("BOTO_DISABLE_CRT", "true")

from support.walkthrough import written  # noqa: E402
from support.walkthrough_page import read_page  # noqa: E402
from support.walkthrough_shell import Reader  # noqa: E402

for name in sys.argv[1:]:
    page = read_page(Path(name))
    with Reader() as reader:
        page.path.write_text(written(page, reader))
