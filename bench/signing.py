# SPDX-License-Identifier: MIT
"""SigV4 for one request, with the standard library alone
(https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html)."""
import datetime
import hashlib
import hmac


def signed_headers(host: str, body: str, region: str, credentials: dict[str, str], service: str = "sts") -> dict[str, str]:
    """The headers of POST / with `body`, signed with an IMDS credential document, or a long-term key without Token."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return _signed("POST", host, "/", "", headers, hashlib.sha256(body.encode()).hexdigest(), region, credentials, service)


def s3_headers(method: str, host: str, path: str, query: str, region: str, credentials: dict[str, str],
               payload: str = hashlib.sha256().hexdigest()) -> dict[str, str]:
    """The headers of a request to S3. `query` in canonical order and encoding; `payload` is x-amz-content-sha256."""
    return _signed(method, host, path, query, {"x-amz-content-sha256": payload}, payload, region, credentials, "s3")


def _signed(method: str, host: str, path: str, query: str, headers: dict[str, str], payload: str, region: str,
            credentials: dict[str, str], service: str) -> dict[str, str]:
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = headers | {"Host": host, "X-Amz-Date": now}
    if "Token" in credentials:
        headers["X-Amz-Security-Token"] = credentials["Token"]
    lower = {name.lower(): value for name, value in headers.items()}
    names = ";".join(sorted(lower))
    canonical = "\n".join([method, path, query, *(f"{name}:{lower[name]}" for name in sorted(lower)), "", names, payload])
    scope = f"{now[:8]}/{region}/{service}/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + credentials["SecretAccessKey"]).encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    headers["Authorization"] = (f"AWS4-HMAC-SHA256 Credential={credentials['AccessKeyId']}/{scope}, "
                                f"SignedHeaders={names}, Signature={signature}")
    return headers
