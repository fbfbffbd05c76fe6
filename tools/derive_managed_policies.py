#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes iam/data/managed_policies.tsv: AWS managed policies as the PyPI package moto carries them.

Downloads the pinned wheel with pip into a temporary folder; needs nothing else. To take a newer one, change VERSION and
SHA256 (`pip download --no-deps moto==VERSION`, then `sha256sum`), run it, and read the difference. docs/third-party.md
tells about the licence.
"""
import ast
import base64
import datetime
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

VERSION = "5.2.5"
SHA256 = "eef62cdcf3bfe73e0863743511ba042dfaba04ba3d5ecdcb896a196c693ad528"
OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "iam/data/managed_policies.tsv"

# What people attach to users, groups and to the roles of instances, nodes, tasks and functions. Policies of
# service-linked roles are not among them: nobody can attach those. The last line are the tasks of sts:AssumeRoot.
NAMES = """
AdministratorAccess PowerUserAccess ReadOnlyAccess ViewOnlyAccess SecurityAudit SystemAdministrator NetworkAdministrator
DatabaseAdministrator SupportUser Billing AWSBillingReadOnlyAccess
IAMReadOnlyAccess IAMFullAccess IAMUserChangePassword IAMUserSSHKeys
AmazonS3ReadOnlyAccess AmazonS3FullAccess
AmazonEC2ReadOnlyAccess AmazonEC2FullAccess AmazonVPCReadOnlyAccess AmazonVPCFullAccess
AutoScalingReadOnlyAccess AutoScalingFullAccess ElasticLoadBalancingReadOnly ElasticLoadBalancingFullAccess
AmazonSSMManagedInstanceCore AmazonSSMPatchAssociation AmazonSSMReadOnlyAccess AmazonSSMFullAccess
AmazonSSMDirectoryServiceAccess AmazonEC2RoleforSSM AmazonSSMAutomationRole
CloudWatchAgentServerPolicy CloudWatchAgentAdminPolicy CloudWatchReadOnlyAccess CloudWatchFullAccess
CloudWatchFullAccessV2 CloudWatchLogsReadOnlyAccess CloudWatchLogsFullAccess
AmazonEC2ContainerRegistryReadOnly AmazonEC2ContainerRegistryPullOnly AmazonEC2ContainerRegistryPowerUser
AmazonEC2ContainerRegistryFullAccess AmazonEC2ContainerServiceforEC2Role AmazonECSTaskExecutionRolePolicy
AmazonECS_FullAccess
AmazonEKSWorkerNodePolicy AmazonEKSWorkerNodeMinimalPolicy AmazonEKSClusterPolicy AmazonEKS_CNI_Policy
AmazonEKSServicePolicy AmazonEKSVPCResourceController AmazonEBSCSIDriverPolicy AmazonEFSCSIDriverPolicy
AmazonDynamoDBReadOnlyAccess AmazonDynamoDBFullAccess AmazonRDSReadOnlyAccess AmazonRDSFullAccess
AmazonSQSReadOnlyAccess AmazonSQSFullAccess AmazonSNSReadOnlyAccess AmazonSNSFullAccess
AmazonElasticFileSystemReadOnlyAccess AmazonElasticFileSystemFullAccess
AmazonRoute53ReadOnlyAccess AmazonRoute53FullAccess
AWSLambdaBasicExecutionRole AWSLambdaVPCAccessExecutionRole AWSLambdaSQSQueueExecutionRole AWSLambda_ReadOnlyAccess
AWSLambda_FullAccess AWSLambdaRole
SecretsManagerReadWrite AWSKeyManagementServicePowerUser AWSCertificateManagerReadOnly AWSCertificateManagerFullAccess
AWSCodeDeployRole AmazonEC2RoleforAWSCodeDeploy AWSCloudFormationReadOnlyAccess AWSCloudFormationFullAccess
AWSElasticBeanstalkWebTier AWSElasticBeanstalkWorkerTier AWSElasticBeanstalkMulticontainerDocker
AWSXRayDaemonWriteAccess AWSCloudTrail_ReadOnlyAccess AWSOrganizationsReadOnlyAccess
IAMAuditRootUserCredentials IAMCreateRootUserPassword IAMDeleteRootUserCredentials S3UnlockBucketPolicy SQSUnlockQueuePolicy
""".split()

# AWS prints its documents in this order; the package has the keys sorted.
ELEMENTS = ["Version", "Id", "Statement", "Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource",
            "Condition"]

HEADER = f"""\
# AWS managed policies. From moto {VERSION} (https://pypi.org/project/moto/, Apache License 2.0, LICENSE.moto); selected and
# reformatted by tools/derive_managed_policies.py: not to be edited by hand. Sorted by name. Tab-separated:
# ARN, policy id (made from the name), default version, created, that version created, document
"""


def read_package() -> dict:
    with tempfile.TemporaryDirectory() as folder:
        requirement = pathlib.Path(folder, "requirements.txt")
        requirement.write_text(f"moto=={VERSION} --hash=sha256:{SHA256}\n")
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                        "--only-binary", ":all:", "--require-hashes", "--dest", folder, "-r", requirement], check=True)
        (wheel,) = pathlib.Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            module = ast.parse(archive.read("moto/iam/aws_managed_policies.py"))
    for node in module.body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "aws_managed_policies_data":
            return json.loads(ast.literal_eval(node.value))
    raise SystemExit("moto/iam/aws_managed_policies.py has no aws_managed_policies_data")


def ordered(value):
    if isinstance(value, list):
        return [ordered(item) for item in value]
    if isinstance(value, dict):
        known = [name for name in ELEMENTS if name in value]
        return {name: ordered(value[name]) for name in known + [name for name in value if name not in known]}
    return value


def policy_id(name: str) -> str:
    """ANPA and 17 letters. The package has no ids; this one is always the same, and of the old style (first letter I),
    which carries no account."""
    return "ANPAI" + base64.b32encode(hashlib.sha256(name.encode()).digest()).decode()[:16]


def timestamp(text: str) -> str:
    time = datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def row(name: str, policy: dict) -> str:
    document = json.dumps(ordered(policy["Document"]), separators=(",", ":"))
    return "\t".join([f"arn:aws:iam::aws:policy{policy['Path']}{name}", policy_id(name), policy["DefaultVersionId"],
                      timestamp(policy["CreateDate"]), timestamp(policy["UpdateDate"]), document])


def main() -> None:
    policies = read_package()
    if missing := [name for name in NAMES if name not in policies]:
        raise SystemExit(f"moto {VERSION} does not have {', '.join(missing)}")
    if linked := [name for name in NAMES if policies[name]["Path"].startswith("/aws-service-role/")]:
        raise SystemExit(f"only service-linked roles have {', '.join(linked)}")
    rows = [row(name, policies[name]) for name in sorted(set(NAMES))]
    OUTPUT.write_text(HEADER + "".join(line + "\n" for line in rows), newline="\n")


if __name__ == "__main__":
    main()
