# SPDX-License-Identifier: MIT
"""boto3 under test; see tests/support/program.py for the commands. `advance SECONDS` moves botocore's clock."""

import datetime
import hashlib
import io
import json
import sys
import types

import boto3
import botocore.credentials
import botocore.utils
from botocore.compat import get_current_datetime
from botocore.utils import IMDSRegionProvider


class MovedClock(datetime.datetime):
    """datetime as botocore.credentials and the client of IMDS see it. The signer has its own view, and keeps the
    real time."""

    ahead = datetime.timedelta()

    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.now(tz) + cls.ahead


def move_clock(seconds: float) -> None:
    MovedClock.ahead += datetime.timedelta(seconds=seconds)
    view = types.ModuleType("datetime")
    view.__dict__.update(vars(datetime), datetime=MovedClock)
    botocore.credentials.datetime = view
    botocore.utils.get_current_datetime = lambda *args: get_current_datetime(*args) + MovedClock.ahead


class Sdk:
    def __init__(self) -> None:
        self.session = boto3.Session()
        self.sts = None

    def identity(self) -> dict:
        # Made late: a client needs a region, and `region` is asked where there is none.
        self.sts = self.sts or self.session.client("sts")
        answer = self.sts.get_caller_identity()
        return {"arn": answer["Arn"], "account": answer["Account"], "user_id": answer["UserId"]}

    def credentials(self) -> dict:
        credentials = self.session.get_credentials()
        if credentials is None:
            raise LookupError("the default chain found no credentials")
        frozen = credentials.get_frozen_credentials()
        return {"access_key_id": frozen.access_key, "source": credentials.method}

    def s3(self, bucket: str) -> dict:
        """Put, get, list, and an upload in parts; all of it as boto3 does it unless told otherwise."""
        client = self.session.client("s3")
        client.put_object(Bucket=bucket, Key="boto3/text", Body=b"hello, world")
        # As tests/support/s3_suite.py has it.
        body = (bytes(range(251)) * (11 * 1024 * 1024 // 251 + 1))[:11 * 1024 * 1024]
        client.upload_fileobj(io.BytesIO(body), bucket, "boto3/large")
        large = io.BytesIO()
        client.download_fileobj(bucket, "boto3/large", large)
        listed = client.list_objects_v2(Bucket=bucket, Prefix="boto3/")["Contents"]
        return {"text": client.get_object(Bucket=bucket, Key="boto3/text")["Body"].read().decode(),
                "keys": " ".join(f"{entry['Key']}:{entry['Size']}" for entry in listed),
                "large_sha256": hashlib.sha256(large.getvalue()).hexdigest(),
                "large_etag": client.head_object(Bucket=bucket, Key="boto3/large")["ETag"]}

    def region(self) -> dict:
        return {"region": IMDSRegionProvider(self.session._session).provide()}


def main() -> None:
    sdk = Sdk()
    for line in sys.stdin:
        command, *args = line.split()
        if command == "quit":
            return
        try:
            if command == "refresh":
                sdk, answer = Sdk(), {}
            elif command == "advance":
                answer = move_clock(float(args[0])) or {}
            elif command == "s3":
                answer = sdk.s3(args[0])
            else:
                answer = {"identity": sdk.identity, "credentials": sdk.credentials, "region": sdk.region}[command]()
            answer = {"ok": True, **answer}
        except Exception as error:
            answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
