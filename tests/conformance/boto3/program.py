# SPDX-License-Identifier: MIT
"""boto3 under test; see tests/support/program.py for the commands. `advance SECONDS` moves botocore's clock."""

import datetime
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
            else:
                answer = {"identity": sdk.identity, "credentials": sdk.credentials, "region": sdk.region}[command]()
            answer = {"ok": True, **answer}
        except Exception as error:
            answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
