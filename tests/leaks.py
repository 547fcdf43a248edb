"""Looks for secrets in everything that a run has left: states, objects, logs and files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from tests.embedded import Embedded, Ended

KEY_PATTERN = re.compile(rb"X-Amz-Signature=|X-Amz-Security-Token|\b(?:AKIA|ASIA)[A-Z2-7]{16}\b|eyJleHBpcmF0aW9u")


class WholeRun(NamedTuple):
    """The run, where it ran, and the directory of its outputs."""

    aws: Embedded
    ended: Ended
    directory: Path


def places_to_search(whole: WholeRun) -> dict[str, bytes]:
    """Every state's input and output (through the histories), every object in S3, every log line and output file."""
    found = {str(path): path.read_bytes() for path in whole.directory.rglob("*") if path.is_file()}
    s3 = whole.aws.deployment.session.client("s3")
    central = whole.aws.cloud.central
    for bucket in (central.data_bucket, central.intake_bucket):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for entry in page.get("Contents", []):
                body = s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
                found[f"s3://{bucket}/{entry['Key']}"] = body
    found["functions.log"] = "\n".join(whole.aws.cloud.runtime.log.lines).encode()
    return found


def issued_in(whole: WholeRun) -> set[bytes]:
    """Every key, secret and token issued, and every signature that was given to a host in this run; inline none is."""
    secrets = set(whole.aws.cloud.store.issued())
    for account in whole.aws.cloud.organization.accounts:
        for region in whole.aws.cloud.organization.regions if account.status == "ACTIVE" else ():
            ssm = whole.aws.cloud.operator_session(account.id, region).client("ssm")
            for command in ssm.list_commands()["Commands"]:
                parameters = command["Parameters"]
                if parameters.get("Delivery") == ["inline"]:
                    assert not {"BundleQuery", "UploadSignature", "UploadPolicy", "UploadToken"} & set(parameters)
                    continue
                secrets |= {parameters[name][0] for name in ("UploadSignature", "UploadPolicy", "UploadToken")}
                secrets.add(parameters["BundleQuery"][0].rsplit("X-Amz-Signature=", 1)[1])
    return {secret.encode() for secret in secrets}


def leaks(places: dict[str, bytes], secrets: set[bytes]) -> list[str]:
    """The places that hold a secret or anything that looks like one."""
    return [
        place for place, body in places.items() if KEY_PATTERN.search(body) or any(secret in body for secret in secrets)
    ]
