# SPDX-License-Identifier: MIT
"""The files for container engines, as far as that goes without one: they parse, agree with each other, and hold what they promise."""

from __future__ import annotations

import re
import subprocess

import pytest

from support.daemon import REPO, bin_dir, clean_environment

yaml = pytest.importorskip("yaml", reason="PyYAML is not there")
PACKAGING = REPO / "packaging"


def kubernetes() -> tuple[dict, dict]:
    config, pod = yaml.safe_load_all((PACKAGING / "kubernetes.yaml").read_text())
    return config, pod


def check_config(text: str, tmp_path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    done = subprocess.run([bin_dir() / "imdsd", "--config", path, "--check-config"], capture_output=True, text=True,
                          env=clean_environment(), timeout=30)
    assert done.returncode == 0, done.stderr


def test_the_configurations_are_good_and_the_same(tmp_path) -> None:
    import tomllib
    image = (PACKAGING / "container.toml").read_text()
    pod = kubernetes()[0]["data"]["config.toml"]
    check_config(image, tmp_path)
    check_config(pod, tmp_path)

    def flat(text: str) -> dict:
        values = tomllib.loads(text)
        for role in values["iam"]["role"]:
            role["trust_policy"] = yaml.safe_load(role["trust_policy"])
        return values

    assert flat(image) == flat(pod)


def test_the_image_runs_as_nobody_in_particular() -> None:
    text = (PACKAGING / "Dockerfile").read_text()
    stages = re.split(r"^FROM ", text, flags=re.M)[1:]
    assert [stage.split()[0] for stage in stages] == ["debian:12-slim", "scratch"]
    assert "USER 65532:65532" in stages[-1] and "RUN" not in stages[-1]
    for source in re.findall(r"^COPY (?!--from)(packaging/\S+) ", stages[-1], flags=re.M):
        assert (REPO / source).exists()


def test_one_container_has_one_capability_and_ends(tmp_path) -> None:
    compose = yaml.safe_load((PACKAGING / "compose.yaml").read_text())["services"]
    assert compose["imdsd"]["cap_drop"] == ["ALL"] and "cap_add" not in compose["imdsd"]
    assert compose["address"]["cap_add"] == ["NET_ADMIN"]
    assert {name for name, service in compose.items() if service.get("network_mode") == "service:imdsd"} == {"address", "app"}
    assert compose["app"]["depends_on"]["address"]["condition"] == "service_completed_successfully"

    _, pod = kubernetes()
    address, sidecar = pod["spec"]["initContainers"]
    assert address["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["NET_ADMIN"]}
    assert "restartPolicy" not in address and sidecar["restartPolicy"] == "Always"
    assert sidecar["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert sidecar["securityContext"]["runAsNonRoot"] is True
    volumes = {volume["name"] for volume in pod["spec"]["volumes"]}
    for container in (address, sidecar):
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
    # The same command in both, and one that imdsctl takes.
    assert compose["address"]["entrypoint"] == address["command"]
    done = subprocess.run([bin_dir() / "imdsctl", *address["command"][1:], "--help"], capture_output=True, timeout=30)
    assert done.returncode == 0
