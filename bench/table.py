# SPDX-License-Identifier: MIT
"""What was measured, printed as it comes and as a table in the end."""
import os
import pathlib
import re


class Table:
    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, bool]] = []

    def add(self, what: str, measured: str, reach: str, reached: bool) -> None:
        self.rows.append((what, measured, reach, reached))
        print(f"  {what}: {measured} (reach: {reach}){'' if reached else '  NOT REACHED'}", flush=True)

    def print(self) -> None:
        print("\n| what | measured | reach | |\n| --- | --- | --- | --- |")
        for what, measured, reach, reached in self.rows:
            print(f"| {what} | {measured} | {reach} | {'yes' if reached else 'no'} |")

    def end(self) -> int:
        """Prints the table; the exit status."""
        self.print()
        return 0 if all(reached for *_, reached in self.rows) else 1


def machine() -> str:
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{os.cpu_count()} cores, {model.group(1) if model else 'unknown processor'}"
