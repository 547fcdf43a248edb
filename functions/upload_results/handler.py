"""UploadResults: turn what SSM and the intake say of a batch into ledger lines and partitioned result lines.

Every instance of the batch leaves with a ledger line, or with a place in the next attempt. It also takes a batch that
failed before its command was sent: then the failure is each instance's reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

from fleetdx import keys, ssm
from fleetdx.accounts import member_session
from fleetdx.batches import BatchState, batch_name, instances_of
from fleetdx.bundles import read_profile
from fleetdx.entrypoint import entrypoint
from fleetdx.events import TargetEvent
from fleetdx.failures import CaughtError, outcome_of
from fleetdx.intake import fetcher, strays
from fleetdx.ledger import instance_line, place_of
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket
from fleetdx.verification import Expectation, Judged, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_ssm.client import SSMClient

    from fleetdx.inventory import InventoryInstance
    from fleetdx.models import LedgerLine, ResultLine
    from fleetdx.requests import ScanRequest


SECONDS_BEFORE_RETRY = 60


class SentCommand(TypedDict):
    """The part of the command that counts here."""

    id: str
    batch: str


class Input(TargetEvent):
    """One batch, its command if one was sent, and the error that ended it early if there was one."""

    batch: BatchState
    command: NotRequired[SentCommand]
    failure: NotRequired[CaughtError]


class Output(BatchState):
    """The batch with its next attempt; `retry` counts the instances that go into it."""

    recorded: int
    retry: int


def run(event: Input, data: Bucket, intake: Bucket, member_ssm: Callable[[], SSMClient]) -> Output:
    """Judge each instance of the batch and write what it came to."""
    name = batch_name(event["batch"])
    instances = instances_of(data, event, event["batch"])
    command = event.get("command")
    outcome = outcome_of(event.get("failure"))
    if command is not None and command["batch"] == name:
        judged = _judge_all(event, instances, data, intake, member_ssm())
        if "failure" in event:
            # Nobody has waited for those that still run: what stopped the waiting is why they have no result.
            judged |= {host: one._replace(outcome=outcome) for host, one in judged.items() if _still_runs(one)}
    else:
        judged = {entry["instance"]: Judged(outcome, [], None, retryable=False) for entry in instances}
    batch = event["batch"]
    may_retry = "failure" not in event and batch["attempt"] < batch["last_attempt"]
    again = {instance for instance, one in judged.items() if one.retryable or _was_stopped(event, one)}
    retry = [instance for instance in judged if may_retry and instance in again]
    recorded = [entry for entry in instances if entry["instance"] not in retry]
    _write(event, data, recorded, judged)
    next_batch: BatchState = {**batch, "attempt": batch["attempt"] + 1, "wait_seconds": SECONDS_BEFORE_RETRY}
    if retry:
        data.put_json(keys.retry(event["run"], event["account"], event["region"], batch_name(next_batch)), retry)
    return {**next_batch, "recorded": len(recorded), "retry": len(retry)}


def _was_stopped(event: Input, judged: Judged) -> bool:
    """Whether a stop of the run may have cancelled the command: the opening that resumes the run sends it again."""
    return event["opening"] > 0 and judged.outcome.reason == "command_cancelled"


def _still_runs(judged: Judged) -> bool:
    return judged.outcome.reason == "no_answer"


def _judge_all(
    event: Input, instances: list[InventoryInstance], data: Bucket, intake: Bucket, member_ssm: SSMClient
) -> dict[str, Judged]:
    request: ScanRequest = data.get_json(keys.request(event["run"]))["request"]
    profile = read_profile(data, event["bundle"], event["profile"])
    checks = frozenset(request["checks"] or profile["checks"])
    expected = Expectation(event["profile"], profile, event["bundle"], checks)
    invocations = {one["InstanceId"]: one for one in ssm.invocations(member_ssm, event["command"]["id"], details=True)}
    name = batch_name(event["batch"])
    prefix = keys.intake_prefix(event["run"], event["account"], event["region"], name)
    place = place_of(event, event["bundle"])
    judged = {
        entry["instance"]: judge(
            place,
            entry,
            invocations.get(entry["instance"]),
            expected,
            fetcher(intake, prefix, entry["instance"]),
        )
        for entry in instances
    }
    read = frozenset(keys.intake_object(prefix, instance, one.read) for instance, one in judged.items() if one.read)
    found = strays(intake, prefix, read)
    data.put_json(keys.strays(event["run"], event["account"], event["region"], name), list(found))
    return judged


def _write(event: Input, data: Bucket, recorded: list[InventoryInstance], judged: Mapping[str, Judged]) -> None:
    """Results first: a ledger line must never promise results that are not there."""
    run_id, account, region = event["run"], event["account"], event["region"]
    name = batch_name(event["batch"])
    place = place_of(event, event["bundle"])
    results: list[ResultLine] = [line for entry in recorded for line in judged[entry["instance"]].results]
    data.put_lines(keys.results_part(run_id, account, region, name), results)
    lines: list[LedgerLine] = [instance_line(place, entry, judged[entry["instance"]].outcome) for entry in recorded]
    data.put_lines(keys.ledger_part(run_id, account, region, name), lines)


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    s3 = own_session().client("s3")

    def member_ssm() -> SSMClient:
        return member_session(event, "upload-results", "scan").client("ssm")

    return run(event, Bucket(s3, setting("DATA_BUCKET")), Bucket(s3, setting("INTAKE_BUCKET")), member_ssm)
