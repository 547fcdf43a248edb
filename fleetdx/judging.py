"""Judging a batch: what its hosts were told to run, what SSM says of them, and what they sent, by S3 or inline."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from fleetdx import keys, ssm
from fleetdx.batches import batch_name
from fleetdx.bundles import profile_of, read_catalog
from fleetdx.delivery import inline_parts
from fleetdx.inline_results import STEP, Outputs, read_outputs
from fleetdx.intake import fetcher, strays
from fleetdx.invocations import run_output
from fleetdx.sessions import CLIENT_CONFIG, ONCE
from fleetdx.verification import NOTHING_FITS, Expectation, Judged, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from botocore.config import Config
    from types_boto3_ssm.client import SSMClient

    from fleetdx.batches import BatchState
    from fleetdx.events import TargetEvent
    from fleetdx.inventory import InventoryInstance
    from fleetdx.ledger import Place
    from fleetdx.models import CatalogProfile, InlinePart
    from fleetdx.requests import ScanRequest
    from fleetdx.storage import Bucket

    Invocations = Mapping[str, Mapping[str, Any]]
    MemberSsm = Callable[[Config], SSMClient]
    Fetch = Callable[[str], bytes | None]


class Selection(NamedTuple):
    """What a run's hosts are told to run: the profile, the checks asked for, and the inline parts that hold them."""

    profile_name: str
    profile: CatalogProfile
    bundle: str
    checks: frozenset[str]
    parts: list[InlinePart]

    def expected_of(self, batch: BatchState) -> Expectation:
        """What an attempt's hosts have run where they did as they were told."""
        if batch["delivery"] == "s3":
            return Expectation(self.profile_name, self.profile, self.bundle, self.checks)
        part = self.parts[batch["part"]]
        return Expectation(self.profile_name, self.profile, part["bundle"], frozenset(part["checks"]))


def read_selection(data: Bucket, event: TargetEvent, request: ScanRequest) -> Selection:
    """What the run's hosts are told to run.

    Raises:
        BundleMissing: Its bundle is not published, or has no such profile.
    """
    catalog = read_catalog(data, event["bundle"])
    profile = profile_of(catalog, event["profile"])
    checks = frozenset(request["checks"] or profile["checks"])
    parts = inline_parts(catalog, event["profile"], checks)
    return Selection(event["profile"], profile, event["bundle"], checks, parts)


class SentAttempt(NamedTuple):
    """An attempt whose command was sent: to whom, what they were to run, and the command's id."""

    batch: BatchState
    entries: list[InventoryInstance]
    expected: Expectation
    command: str


class Sources(NamedTuple):
    """Where the answers of hosts lie; `member_ssm` makes a client of SSM in the member account."""

    data: Bucket
    intake: Bucket
    member_ssm: MemberSsm


def judge_batch(place: Place, attempt: SentAttempt, sources: Sources) -> dict[str, Judged]:
    """What each instance of an attempt came to; by S3 the strays of its intake are told too."""
    listed = ssm.invocations(sources.member_ssm(CLIENT_CONFIG), attempt.command, details=True)
    invocations = {one["InstanceId"]: one for one in listed}
    if attempt.batch["delivery"] == "inline":
        return _judge_inline(place, attempt, invocations, sources)
    return _judge_by_s3(place, attempt, invocations, sources)


def _judge_by_s3(place: Place, attempt: SentAttempt, invocations: Invocations, sources: Sources) -> dict[str, Judged]:
    batch = batch_name(attempt.batch)
    prefix = keys.intake_prefix(place.run, place.account, place.region, batch)
    judged: dict[str, Judged] = {}
    for entry in attempt.entries:
        name = entry["instance"]
        fetch = _locking(fetcher(sources.intake, prefix, name), place, name, sources.data)
        judged[name] = judge(place, entry, invocations.get(name), attempt.expected, fetch)
    read = frozenset(keys.intake_object(prefix, name, one.read) for name, one in judged.items() if one.read)
    found = strays(sources.intake, prefix, read)
    sources.data.put_json(keys.strays(place.run, place.account, place.region, batch), list(found))
    return judged


def _judge_inline(place: Place, attempt: SentAttempt, invocations: Invocations, sources: Sources) -> dict[str, Judged]:
    """Judge by outputs; only of instances that say they have printed a result is one read."""
    names = [entry["instance"] for entry in attempt.entries if _has_printed(invocations.get(entry["instance"], {}))]
    bodies, stopped = read_outputs(sources.member_ssm(ONCE), attempt.command, names) if names else Outputs({}, "")
    judged: dict[str, Judged] = {}
    for entry in attempt.entries:
        name = entry["instance"]
        absent = stopped if stopped and name not in bodies else NOTHING_FITS
        expected = attempt.expected._replace(absent=absent)
        fetch = _locking(_holder(bodies.get(name)), place, name, sources.data)
        judged[name] = judge(place, entry, invocations.get(name), expected, fetch)
    return judged


def _locking(fetch: Fetch, place: Place, instance: str, data: Bucket) -> Fetch:
    """Lock what an instance sent before it is judged, if it is what its digest names; all else may be anybody's."""

    def fetch_and_lock(digest: str) -> bytes | None:
        body = fetch(digest)
        if body is not None and hashlib.sha256(body).hexdigest() == digest:
            data.lock(keys.received(place.run, place.account, place.region, instance, digest), body)
        return body

    return fetch_and_lock


def _holder(body: bytes | None) -> Fetch:
    return lambda _: body


def _has_printed(invocation: Mapping[str, Any]) -> bool:
    steps = invocation.get("CommandPlugins", [])
    sent = any(step.get("Name") == STEP and step.get("Status") == "Success" for step in steps)
    return sent and run_output(invocation) is not None
