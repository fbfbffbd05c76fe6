# SPDX-License-Identifier: MIT
"""Run by test_cloud_init.py, with the system's Python: cloud-init's own Ec2 data source, as at the boot of an instance.
Prints what it found as JSON. The data source is cloud-init's; what this pretends is the machine: an EC2 instance's DMI."""

import io
import json
import logging
import sys
import time

from cloudinit import dmi, helpers
from cloudinit.sources import DataSourceEc2

UUID = "ec2a1b2c-0000-4000-8000-000000000001"
dmi.read_dmi_data = {"system-uuid": UUID, "system-serial-number": UUID}.get


class Distro:
    """Only asked where temporary files may be executed."""

    @staticmethod
    def get_tmp_exec_path():
        return "/tmp"


def main() -> None:
    log = io.StringIO()
    logging.basicConfig(stream=log, level=logging.DEBUG)
    settings = {"datasource": {"Ec2": json.loads(sys.argv[1])}}
    paths = helpers.Paths({"cloud_dir": sys.argv[2], "run_dir": sys.argv[2]})
    source = DataSourceEc2.DataSourceEc2(settings, Distro(), paths)
    started = time.monotonic()
    found = source._get_data()
    seconds = time.monotonic() - started
    warnings = [line for line in log.getvalue().splitlines() if not line.startswith(("DEBUG", "INFO"))]
    result = {"found": bool(found), "seconds": seconds, "warnings": warnings,
              "requests": log.getvalue().count("[0/"), "token": source._api_token}
    if found:
        result |= {"cloud": source.cloud_name, "address": source.metadata_address,
                   "version": source._crawled_metadata["_metadata_api_version"],
                   "instance_id": source.get_instance_id(), "region": source.region,
                   "zone": source.availability_zone, "hostname": str(source.get_hostname()),
                   "public_keys": source.get_public_ssh_keys(),
                   "user_data": (source.userdata_raw or b"").decode(), "metadata": source.metadata,
                   "identity": source.identity}
        if len(sys.argv) > 3:
            result["network"] = DataSourceEc2.convert_ec2_metadata_network_config(
                source.metadata["network"], {sys.argv[3]: "eth0"}, "eth0")
    print(json.dumps(result, default=str))


main()
