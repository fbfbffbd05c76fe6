#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Adds up what the test runners wrote below a results folder and ends with one line:
`N passed, N failed, N skipped`. Skips are listed with their reasons; with IMDSD_REQUIRE_ALL a skip fails.

A run with no test at all is a failure.
"""
import os
import pathlib
import sys
import xml.etree.ElementTree as ET


class Sum:
    def __init__(self) -> None:
        self.passed = 0
        self.failed: list[str] = []
        self.skipped: list[str] = []

    def add(self, case: ET.Element, suite: str) -> None:
        name = f"{suite}: {case.get('classname', '')}.{case.get('name', '')}"
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
            self.failed.append(name)
        elif skipped is not None or case.get("result") == "skipped" or case.get("status") in ("disabled", "notrun"):
            reason = skipped.get("message", "") if skipped is not None else ""
            self.skipped.append(f"{name}: {reason}")
        else:
            self.passed += 1


def cases(root: ET.Element) -> list[ET.Element]:
    return list(root.iter("testcase"))


def main() -> int:
    results = pathlib.Path(sys.argv[1])
    presets = {"": ["dev"], "--sanitize": ["asan", "tsan"], "--all": ["dev", "asan", "tsan"]}[sys.argv[2]]
    total = Sum()
    for preset in presets:
        folder = results / preset
        programs_with_cases = set()
        for path in sorted((folder / "unit").glob("*.xml")):
            programs_with_cases.add(path.stem)
            for case in cases(ET.parse(path).getroot()):
                total.add(case, preset)
        for name in ("ctest.xml", "pytest.xml"):
            path = folder / name
            if not path.exists():
                total.failed.append(f"{preset}: {name} was not written: the runner did not finish")
                continue
            for case in cases(ET.parse(path).getroot()):
                program = case.get("name", "")
                # A GoogleTest program counts by its own cases, unless it ended without writing them.
                crashed = case.get("status") == "fail"
                if name == "ctest.xml" and program in programs_with_cases and not crashed:
                    continue
                total.add(case, preset)
    for line in total.skipped:
        print(f"skipped  {line}")
    for line in total.failed:
        print(f"FAILED   {line}")
    print(f"{total.passed} passed, {len(total.failed)} failed, {len(total.skipped)} skipped")
    nothing_ran = total.passed == 0
    refused_skips = total.skipped and os.environ.get("IMDSD_REQUIRE_ALL")
    return 1 if total.failed or nothing_ran or refused_skips else 0


if __name__ == "__main__":
    sys.exit(main())
