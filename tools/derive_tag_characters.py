#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes aws/tag_character_ranges.h: the characters of the Unicode categories L, Z and N, which AWS's tags may have.

They are those of Python's own unicodedata: run it with a Python that has VERSION, as Debian 12's does. To take a newer
one, change VERSION, run it, and read the difference. docs/third-party.md tells about the licence.
"""
import pathlib
import unicodedata

VERSION = "14.0.0"
CATEGORIES = "LZN"  # letters, separators, numbers
A_LINE = 4
OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "aws/tag_character_ranges.h"

HEADER = f"""\
// SPDX-License-Identifier: MIT
// Characters of the general categories L, Z and N of Unicode {VERSION} (LICENSE.unicode), selected by
// tools/derive_tag_characters.py: not to be edited by hand.
#pragma once

#include <cstdint>

namespace imdsd::aws {{

struct CharacterRange {{
  std::uint32_t first, last;
}};

// clang-format off
inline constexpr CharacterRange kTagCharacterRanges[] = {{
"""

FOOTER = """\
};
// clang-format on

}  // namespace imdsd::aws
"""


def ranges() -> list[list[int]]:
    found: list[list[int]] = []
    for point in range(0x110000):
        if unicodedata.category(chr(point))[0] not in CATEGORIES:
            continue
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return found


def main() -> None:
    if unicodedata.unidata_version != VERSION:
        raise SystemExit(f"this Python has Unicode {unicodedata.unidata_version}, not {VERSION}")
    items = [f"{{0x{first:X}, 0x{last:X}}}," for first, last in ranges()]
    lines = ["    " + " ".join(items[at:at + A_LINE]) for at in range(0, len(items), A_LINE)]
    OUTPUT.write_text(HEADER + "\n".join(lines) + "\n" + FOOTER)


if __name__ == "__main__":
    main()
