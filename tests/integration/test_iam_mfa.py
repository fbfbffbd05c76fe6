# SPDX-License-Identifier: MIT
"""Virtual MFA devices through their life."""

from __future__ import annotations

import time

from support.iam import refused
from support.totp import code


def test_a_device_through_its_life(iam, user: str) -> None:
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone", Path="/team/",
                                           Tags=[{"Key": "a", "Value": "1"}])["VirtualMFADevice"]
    serial, seed = device["SerialNumber"], device["Base32StringSeed"]
    assert serial.endswith(":mfa/team/phone") and len(seed) == 64
    assert device["QRCodePNG"].startswith(b"\x89PNG\r\n\x1a\n")
    step = int(time.time()) // 30
    both = {"UserName": user, "SerialNumber": serial}

    def codes(first: int) -> dict[str, str]:
        return {"AuthenticationCode1": code(seed, first), "AuthenticationCode2": code(seed, first + 1)}

    assert refused(iam.enable_mfa_device, **both, **codes(step - 100)) == (
        403, "InvalidAuthenticationCode", "Authentication code for device is not valid.")
    iam.enable_mfa_device(**both, **codes(step))
    (enabled,) = iam.list_mfa_devices(UserName=user)["MFADevices"]
    assert enabled["SerialNumber"] == serial and enabled["UserName"] == user
    assert iam.get_mfa_device(SerialNumber=serial)["EnableDate"] == enabled["EnableDate"]
    (assigned,) = iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    assert assigned["User"]["UserName"] == user and assigned["EnableDate"] == enabled["EnableDate"]
    assert iam.list_virtual_mfa_devices(AssignmentStatus="Unassigned")["VirtualMFADevices"] == []
    # A code works once.
    assert refused(iam.resync_mfa_device, **both, **codes(step))[:2] == (403, "InvalidAuthenticationCode")
    iam.resync_mfa_device(**both, **codes(step + 2))
    assert refused(iam.delete_virtual_mfa_device, SerialNumber=serial)[:2] == (409, "DeleteConflict")
    iam.tag_mfa_device(SerialNumber=serial, Tags=[{"Key": "b", "Value": "2"}])
    iam.untag_mfa_device(SerialNumber=serial, TagKeys=["a"])
    assert iam.list_mfa_device_tags(SerialNumber=serial)["Tags"] == [{"Key": "b", "Value": "2"}]
    iam.deactivate_mfa_device(**both)
    assert iam.list_mfa_devices(UserName=user)["MFADevices"] == []
    iam.delete_virtual_mfa_device(SerialNumber=serial)
    assert refused(iam.get_mfa_device, SerialNumber=serial)[:2] == (404, "NoSuchEntity")
