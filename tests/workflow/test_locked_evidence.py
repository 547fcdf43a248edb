"""A run with Object Lock switched on: what an auditor relies on is locked, byte for byte, for as long as was asked."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.export_files import ALL_FILES
from tests.embedded import Embedded, Ended, embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = 400
WRITTEN_AT_THE_END = ("ledger.jsonl", "results.jsonl", "changes.jsonl", "summary.json", "report.html")


class Locked(NamedTuple):
    """A run that has ended, and the bucket with its locked evidence."""

    aws: Embedded
    ended: Ended
    s3: Any
    bucket: str

    def names(self) -> list[str]:
        """What is locked."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return [one["Key"] for page in pages for one in page.get("Contents", [])]

    def versions(self, key: str) -> list[dict[str, Any]]:
        """All versions of a key, the newest first."""
        return list(self.s3.list_object_versions(Bucket=self.bucket, Prefix=key)["Versions"])


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    parameters = {"ObjectLockMode": "compliance", "ObjectLockDays": str(DAYS)}
    with embedded(tmp_path_factory.mktemp("emulator"), parameters=parameters) as aws:
        name, _ = aws.instance_named("market-data-relay-1")
        ended = aws.scan({"instances": [name]}, checks=["U-01"], exports=["xlsx", "csv", "ocsf", "ocsf_full"])
        account = aws.cloud.organization.hub.id
        bucket = f"fleetdx-evidence-{account}-{aws.cloud.home_region}"
        yield Locked(aws, ended, aws.deployment.session.client("s3"), bucket)


def test_all_evidence_is_locked_as_it_lies_in_the_data_bucket(locked: Locked) -> None:
    """Whatever of the data bucket is evidence is in the locked bucket with the same bytes, and nothing else of it."""
    data = locked.aws.deployment.data
    run = locked.ended.run.id
    evidence = {one.key for prefix in ("runs/", "results/") for one in data.keys(prefix) if keys.is_evidence(one.key)}
    assert {keys.out(run, name) for name in (*WRITTEN_AT_THE_END, "request.json", *ALL_FILES)} < evidence
    received = {key for key in locked.names() if "/received/" in key}
    assert set(locked.names()) - received == evidence
    for key in evidence:
        etags = [locked.s3.head_object(Bucket=bucket, Key=key)["ETag"] for bucket in (data.name, locked.bucket)]
        assert etags[0] == etags[1], key


def test_a_lock_lasts_as_long_as_the_parameter_says(locked: Locked) -> None:
    """Every version is in the mode that was asked for, and its retention ends so many days after it was written."""
    for key in locked.names():
        for version in locked.versions(key):
            told = locked.s3.head_object(Bucket=locked.bucket, Key=key, VersionId=version["VersionId"])
            assert told["ObjectLockMode"] == "COMPLIANCE"
            lasts = told["ObjectLockRetainUntilDate"] - version["LastModified"]
            assert abs(lasts - dt.timedelta(days=DAYS)) < dt.timedelta(seconds=2), key


def test_what_the_host_sent_has_the_hash_that_ssm_tells(locked: Locked) -> None:
    """The locked result is named by its SHA-256, and SSM's record of the command names the same one."""
    line = next(line for line in locked.ended.ledger if line["kind"] == "instance")
    [key] = [key for key in locked.names() if "/received/" in key]
    digest = hashlib.sha256(locked.s3.get_object(Bucket=locked.bucket, Key=key)["Body"].read()).hexdigest()
    assert key == keys.received(line["run"], line["account"], line["region"], line["instance"], digest)
    ssm = locked.aws.cloud.operator_session(line["account"], line["region"]).client("ssm")
    [invocation] = ssm.list_command_invocations(InstanceId=line["instance"], Details=True)["CommandInvocations"]
    [run_step] = [step for step in invocation["CommandPlugins"] if step["Name"] == "Run"]
    assert digest in run_step["Output"].splitlines()[0]


def test_a_locked_version_outlives_deletion_and_overwriting(locked: Locked) -> None:
    """An administrator may not delete a locked version; what is written over it is another version."""
    key = keys.out(locked.ended.run.id, "ledger.jsonl")
    [version] = locked.versions(key)
    before = locked.s3.get_object(Bucket=locked.bucket, Key=key)["Body"].read()
    with pytest.raises(ClientError, match="AccessDenied"):
        locked.s3.delete_object(Bucket=locked.bucket, Key=key, VersionId=version["VersionId"])
    locked.s3.put_object(Bucket=locked.bucket, Key=key, Body=b"forged")
    locked.s3.delete_object(Bucket=locked.bucket, Key=key)
    kept = locked.s3.get_object(Bucket=locked.bucket, Key=key, VersionId=version["VersionId"])
    assert kept["Body"].read() == before
    assert len(locked.versions(key)) == 2
