"""The scan chain driven by hand, one function after the other as the machines call them, each with the S3 it found.

A step can then be played again and again, each time in a run of its own.
"""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
import re
import secrets
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from moto.s3.models import s3_backends

from emulator.seams.lambda_functions import function_of
from fleetdx import keys
from fleetdx.cli.runs import new_run_id
from tests.contract.walk import Engine, walk
from tools.sources import snake_case

if TYPE_CHECKING:
    from emulator.cloud import EmbeddedAws

Objects = dict[tuple[str, str], bytes]
"""What lies in the buckets: (bucket, key) to content."""
SHARED = ("history/", "feeds/", "imports/")
"""What lies there is of all runs."""
PACKED = ".jsonl.gz"
SECONDS_FOR_A_COMMAND = 60
# Times, ids of commands, and how long a run took: what no two runs have in common.
PASSING = (
    re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?"),
    re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    re.compile(rb"\b(\d+ days?, )?\d+:\d\d:\d\d\b"),
)


@dataclass(frozen=True)
class Step:
    """One call of a function: which, with what, and what its run had in the buckets before."""

    function: str
    payload: dict[str, Any]
    run: str
    before: Objects

    def in_run(self, run: str) -> Step:
        """The same step of another run."""
        payload = json.loads(json.dumps(self.payload).replace(self.run, run))
        return dataclasses.replace(self, payload=payload, run=run, before=renamed(self.before, self.run, run))

    def with_request(self, **changes: Any) -> Step:
        """The same step, had the run's request been another."""
        before = dict(self.before)
        for bucket, key in self.before:
            if key == keys.request(self.run):
                document = json.loads(before[bucket, key])
                document["request"] |= changes
                before[bucket, key] = json.dumps(document).encode()
        return dataclasses.replace(self, before=before)


class Invoked(NamedTuple):
    """What Lambda answered: an output, or an error by name."""

    output: dict[str, Any] | None
    error: str | None


class Chain:
    """The functions and buckets of an embedded AWS, reached without any call that a fault could strike."""

    def __init__(self, cloud: EmbeddedAws) -> None:
        self.cloud = cloud
        self.buckets = (cloud.central.data_bucket, cloud.central.intake_bucket)
        self.hub = cloud.organization.hub.id
        self._s3 = s3_backends[self.hub]["aws"]

    def invoke(self, function: str, payload: dict[str, Any]) -> Invoked:
        """Invoke a function as Step Functions would."""
        name = f"fleetdx-{snake_case(function).replace('_', '-')}"
        found = function_of(name, self.hub, self.cloud.home_region)
        text, failed, _ = self.cloud.runtime.invoke(found, payload)
        told = json.loads(text)
        return Invoked(None, told["errorType"]) if failed else Invoked(told, None)

    def objects_of(self, run: str) -> Objects:
        """Everything that carries a run in its key, and the histories; what is stored compressed, as it reads."""
        return {
            (bucket, key): _expanded(key, self._s3.get_object(bucket, key))
            for bucket in self.buckets
            for key in list(self._s3.buckets[bucket].keys)
            if run in key or key.startswith(SHARED)
        }

    def put(self, objects: Objects) -> None:
        """Lay objects down as a client of today would have put them, with a checksum; other runs have left nothing."""
        self.forget(SHARED[0])
        for (bucket, key), text in objects.items():
            content = gzip.compress(text, mtime=0) if key.endswith(PACKED) else text
            stored = self._s3.put_object(bucket, key, content)
            stored.checksum_algorithm = "CRC32"
            stored.checksum_value = base64.b64encode(zlib.crc32(content).to_bytes(4)).decode()

    def forget(self, run: str) -> None:
        """Remove everything of a run."""
        for bucket, key in self.objects_of(run):
            self._s3.delete_object(bucket, key)

    def record(self, request: dict[str, Any]) -> list[Step]:
        """Drive a whole run, with real hosts, and keep each function's call and what it found in the buckets."""
        run = new_run_id()
        steps: list[Step] = []

        def answer(function: str, payload: dict[str, Any]) -> dict[str, Any]:
            if function == "CheckCommand":
                self._await_command(payload)
            steps.append(Step(function, payload, run, self.objects_of(run)))
            invoked = self.invoke(function, payload)
            assert invoked.output is not None, f"{function} fails undisturbed: {invoked.error}"
            return invoked.output

        def items(place: dict[str, str]) -> list[Any]:
            found: list[Any] = json.loads(self._s3.get_object(place["Bucket"], place["Key"]).value)
            return found

        execution = {"id": f"arn:aws:states:::{run}", "name": run, "started_at": "2026-11-23T19:00:00.000Z"}
        for _ in walk("scan_fleet", request, execution, Engine(answer, items)):
            pass
        return steps

    def _await_command(self, payload: dict[str, Any]) -> None:
        ssm = self.cloud.operator_session(payload["account"], payload["region"]).client("ssm")
        deadline = time.monotonic() + SECONDS_FOR_A_COMMAND
        while any(
            one["Status"] in {"Pending", "InProgress"}
            for one in ssm.list_command_invocations(CommandId=payload["command"]["id"])["CommandInvocations"]
        ):
            assert time.monotonic() < deadline, "the hosts do not finish"
            time.sleep(0.1)


def another_run(run: str) -> str:
    """The id of a run that started in the same second."""
    return f"{run[:-6]}{secrets.token_hex(3)}"


def renamed(objects: Objects, run: str, other: str) -> Objects:
    """The objects, had another run written them; both ids have one length."""
    return {
        (bucket, key.replace(run, other)): content.replace(run.encode(), other.encode())
        for (bucket, key), content in objects.items()
    }


def comparable(objects: Objects, run: str) -> Objects:
    """The objects without what no two runs have in common; of a claim counts that it was made."""
    found = renamed(objects, run, "r" * len(run))
    return {
        (bucket, key): b"claimed" if "/claims/" in key else without_passing(content)
        for (bucket, key), content in found.items()
        if not key.endswith("-lookups")
    }


def without_passing(text: bytes) -> bytes:
    """A text without times and ids of commands."""
    for pattern in PASSING:
        text = pattern.sub(b"~", text)
    return text


def _expanded(key: str, stored: Any) -> bytes:
    is_packed = key.endswith(PACKED) or "gzip" in str(stored.metadata.get("Content-Encoding", ""))
    return gzip.decompress(stored.value) if is_packed else bytes(stored.value)
