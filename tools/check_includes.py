#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the includes against docs/architecture.md: which folder may include which, and who may see which library.

Prints each breach as file:line and exits 1 if there is any.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# folder -> folders it may include from (besides itself)
MAY_INCLUDE = {
    "base": set(),
    "aws": {"base"},
    "xml": {"base"},
    "saml": {"xml", "aws", "base"},
    "iam": {"saml", "aws", "base"},
    "ec2": {"iam", "aws", "base"},
    "s3": {"iam", "xml", "aws", "base"},
    "store": {"s3", "iam", "aws", "base"},
    "sts": {"iam", "saml", "aws", "base"},
    "gateway": {"ec2", "s3", "sts", "iam", "aws", "base"},
    "sts_client": {"sts", "aws", "base"},
    "imds": {"aws", "base"},
    "containers": {"sts", "iam", "aws", "base"},
    "console": {"gateway", "sts", "iam", "aws", "base"},
    "http": {"base"},
    "reach": {"base"},
    "cli": {"http", "reach", "aws", "base"},
    "daemon": {"gateway", "ec2", "sts_client", "sts", "store", "s3", "iam", "imds", "containers", "console", "http", "aws", "base"},
}
# library header -> folders that may see it
ONLY_IN = {
    "httplib.h": {"http"},
    "toml++/": {"daemon"},
    "spdlog/": {"base"},
    "sqlite3.h": {"store"},
    "openssl/": {"base"},
    "zlib.h": {"base"},
    "argon2.h": {"base"},
    "qrencode.h": {"base"},
    "libxml/": {"xml", "saml"},
    "xmlsec/": {"saml"},
    "ares.h": {"http"},
}
# the only places with a clock, randomness, environment or sleep of their own
EDGES = {"base/clock_real.cc", "base/random_real.cc"}
FORBIDDEN = re.compile(
    r"\b(system_clock::now|steady_clock::now|RAND_bytes|random_device|sleep_for|sleep_until\(std::chrono|"
    r"getenv|std::regex|atomic<\s*std::shared_ptr)\b"
)
FORBIDDEN_BELOW = {"base", "aws", "xml", "saml", "iam", "ec2", "s3", "store", "sts", "gateway", "sts_client", "imds", "containers", "console", "reach"}
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def breaches(path: pathlib.Path) -> list[str]:
    relative = path.relative_to(ROOT).as_posix()
    folder = relative.split("/")[0]
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if match := INCLUDE.match(line):
            quote, header = match.groups()
            target = header.split("/")[0]
            if quote == '"' and target != folder and target not in MAY_INCLUDE[folder]:
                found.append(f'{relative}:{number}: {folder}/ may not include "{header}"')
            for library, folders in ONLY_IN.items():
                if header.startswith(library) and folder not in folders:
                    found.append(f"{relative}:{number}: only {'/, '.join(sorted(folders))}/ may see <{header}>")
        code = line.split("//")[0]
        if folder in FORBIDDEN_BELOW and relative not in EDGES and (match := FORBIDDEN.search(code)):
            found.append(f"{relative}:{number}: `{match.group(1)}` belongs to an edge; take it as a parameter")
    return found


def main() -> int:
    found = []
    for folder in MAY_INCLUDE:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".h", ".cc"):
                found += breaches(path)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
