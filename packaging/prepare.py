#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes what a package holds beside the programs: man pages and changelogs, compressed.

prepare.py SOURCE_DIR BUILD_DIR OUT_DIR VERSION. What would go stale is taken from where it is kept: the commands from
the programs' own --help, the keys from docs/configuration.md.
"""

import gzip
import os
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path


def escape(text: str) -> str:
    """Text that a line of mdoc holds as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("\u2019", "'").replace("\u2026", "...")
    return "\\&" + text if text.startswith((".", "'")) else text


def literal(text: str) -> str:
    return "\n".join(escape(line) for line in text.rstrip("\n").split("\n"))


def plain(cell: str) -> str:
    """A cell of a Markdown table without its marks."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", cell.replace("`", "").replace("\\|", "|")).strip()


def keys(configuration: str) -> str:
    lines = []
    for row in re.findall(r"^\| `[a-z_.*]+` \|.*\|$", configuration, flags=re.M):
        cells = [plain(cell) for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
        if len(cells) != 5:
            continue
        key, kind, default, reload, meaning = cells
        tail = kind + ("" if default in ("", "\u2013") else f", default {default}") + \
            ("; a change needs a restart" if reload == "no" else "")
        lines += [f".It Li {escape(key)}", escape(meaning), ".Pq " + escape(tail).replace('"', "\\(dq")]
    if not lines:
        sys.exit("prepare.py: docs/configuration.md has no table of keys any more")
    return "\n".join(lines)


def help_of(build: Path, program: str) -> str:
    return subprocess.run([build / program, "--help"], capture_output=True, text=True, check=True).stdout


def main() -> None:
    source, build, out, version = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    out.mkdir(parents=True, exist_ok=True)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.fromtimestamp(int(epoch), timezone.utc) if epoch else datetime.now(timezone.utc)
    words = {"VERSION": version, "DATE": f"{now:%B} {now.day}, {now.year}",
             "KEYS": keys((source / "docs/configuration.md").read_text())}
    texts = {"changelog": (source / "CHANGELOG.md").read_text(),
             "changelog.Debian": (source / "packaging/debian/changelog").read_text()}
    for template in sorted((source / "packaging/man").glob("*.in")):
        program = template.name.split(".")[0]
        filled = words | {"HELP": literal(help_of(build, program))}
        texts[template.stem] = re.sub(r"@([A-Z]+)@", lambda match: filled[match.group(1)], template.read_text())
    for name, text in texts.items():
        (out / f"{name}.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


main()
