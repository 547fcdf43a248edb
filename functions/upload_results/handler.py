"""UploadResults: turn what SSM, the intake or outputs say of a batch into ledger lines and partitioned result lines.

Every instance of the batch leaves with a ledger line or with a place in an attempt that follows; with both where its
verdicts came and its evidence may still. It also takes a batch that failed before its command was sent: then the
failure is each instance's reason.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple, NotRequired, TypedDict

from fleetdx import keys
from fleetdx.accounts import member_session
from fleetdx.attempts import Rules, Step, has_more_parts, next_step
from fleetdx.batch_records import Ended, record
from fleetdx.batches import (
    AttemptPlan,
    BatchState,
    batch_name,
    command_name,
    entries_of,
    read_inventory,
    read_plan,
    write_plan,
)
from fleetdx.entrypoint import entrypoint
from fleetdx.events import TargetEvent
from fleetdx.failures import CaughtError, outcome_of
from fleetdx.invocations import RETRY_CLASSES
from fleetdx.judging import SentAttempt, Sources, judge_batch, read_selection
from fleetdx.ledger import place_of
from fleetdx.parts import any_evidence, joined, outcome_of_all, read_parts, write_parts
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket
from fleetdx.verification import Judged

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config
    from types_boto3_ssm.client import SSMClient

    from fleetdx.inventory import Inventory
    from fleetdx.parts import PartsDone
    from fleetdx.requests import ScanRequest

NOTHING_FOLLOWS = Rules("s3", max_attempts=1, parts=0, may_go_on=False)


class SentCommand(TypedDict):
    """The part of the command that counts here."""

    id: str
    batch: str


class Batch(BatchState):
    """An attempt, and the error that ended it early if there was one."""

    failure: NotRequired[CaughtError]


class Input(TargetEvent):
    """One attempt of a batch, and the last command that was sent for the batch, if one was."""

    batch: Batch
    command: NotRequired[SentCommand]


class Output(BatchState):
    """The batch with its next attempt; `recorded` counts ledger lines, `retry` the instances that go into it."""

    recorded: int
    retry: int


class Attempt(NamedTuple):
    """What an attempt took up, what its instances had come to before and came to now, and what follows."""

    batch: BatchState
    plan: AttemptPlan
    before: dict[str, PartsDone]
    judged: dict[str, Judged]
    step: Step


def run(event: Input, sources: Sources) -> Output:
    """Judge each instance of the batch and write what it came to."""
    data, batch = sources.data, event["batch"]
    inventory = read_inventory(data, event)
    plan = read_plan(data, event, batch, inventory)
    if "command" in event and event["command"]["batch"] == command_name(batch):
        judged, rules = _judge_sent(event, plan, inventory, sources)
    else:
        judged, rules = _judge_unsent(event, plan, data)
    step = next_step(batch, judged, plan.postponed, rules)
    attempt = Attempt(batch, plan, read_parts(data, event, batch), judged, step)
    recorded = record(data, place_of(event, event["bundle"]), batch_name(batch), _ended(attempt, inventory), plan.told)
    _hand_on(event, data, attempt)
    return {**step.batch, "recorded": recorded, "retry": len(step.instances)}


def _judge_sent(
    event: Input, plan: AttemptPlan, inventory: Inventory, sources: Sources
) -> tuple[dict[str, Judged], Rules]:
    request: ScanRequest = sources.data.get_json(keys.request(event["run"]))["request"]
    selection = read_selection(sources.data, event, request)
    batch, failure = event["batch"], event["batch"].get("failure")
    entries = entries_of(inventory, plan.instances)
    sent = SentAttempt(batch, entries, selection.expected_of(batch), event["command"]["id"])
    judged = judge_batch(place_of(event, event["bundle"]), sent, sources)
    rules = Rules(request["delivery"], request["max_attempts"], len(selection.parts), failure is None)
    if failure is not None:
        # Nobody has waited for those that still run, and no part follows: what stopped it is why they have no result.
        lost = Judged(outcome_of(failure), [], None, None)
        cut = has_more_parts(batch, rules)
        judged = {name: lost if _still_runs(one) or (cut and one.passed) else one for name, one in judged.items()}
    if event["opening"] > 0:
        judged = {name: _unless_stopped(one) for name, one in judged.items()}
    return judged, rules


def _judge_unsent(event: Input, plan: AttemptPlan, data: Bucket) -> tuple[dict[str, Judged], Rules]:
    """Nothing was sent: the error is the reason of all; one that a throttle was may be sent later."""
    outcome = outcome_of(event["batch"].get("failure"))
    retry = RETRY_CLASSES.get(outcome.reason)
    judged = {name: Judged(outcome, [], None, retry) for name in plan.instances}
    if retry is None:
        return judged, NOTHING_FOLLOWS
    request: ScanRequest = data.get_json(keys.request(event["run"]))["request"]
    return judged, Rules(request["delivery"], request["max_attempts"], 0, may_go_on=True)


def _unless_stopped(judged: Judged) -> Judged:
    """A stop of the run may have cancelled the command: the opening that resumes the run sends it again."""
    return judged._replace(retry="unreached") if judged.outcome.reason == "command_cancelled" else judged


def _still_runs(judged: Judged) -> bool:
    return judged.outcome.reason == "no_answer"


def _ended(attempt: Attempt, inventory: Inventory) -> list[Ended]:
    """What is to be recorded: who goes on no further, and whose verdicts came although another attempt follows."""
    judged, step = attempt.judged, attempt.step
    between_parts = step.batch["part"] > 0
    told = [name for name in step.instances if not between_parts and name in judged and judged[name].passed]
    found: list[Ended] = []
    for entry in entries_of(inventory, [*step.ended, *told]):
        name = entry["instance"]
        if name not in judged:
            found.append(Ended(entry, attempt.plan.postponed[name], [], None))
        elif judged[name].passed:
            done = joined(attempt.before.get(name), judged[name])
            delivery = attempt.batch["delivery"] if any_evidence(done) else None
            found.append(Ended(entry, outcome_of_all(done), done.results, delivery))
        else:
            found.append(Ended(entry, judged[name].outcome, [], None))
    return found


def _hand_on(event: Input, data: Bucket, attempt: Attempt) -> None:
    """Leave the attempt that follows its plan, and what its instances came to in the parts before it."""
    judged, step, plan = attempt.judged, attempt.step, attempt.plan
    if not step.instances:
        return
    told = dict(plan.told)
    if step.batch["part"] > 0:
        done = {name: joined(attempt.before.get(name), judged[name]) for name in step.instances}
        write_parts(data, event, step.batch, done)
    else:
        passed = [name for name in step.instances if name in judged and judged[name].passed]
        told = {name: batch_name(attempt.batch) for name in passed} | told
    write_plan(data, event, step.batch, AttemptPlan(step.instances, step.postponed, told))


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    s3 = own_session().client("s3")

    @functools.cache
    def member() -> boto3.session.Session:
        return member_session(event, "upload-results", "scan")

    def member_ssm(config: Config) -> SSMClient:
        return member().client("ssm", config=config)

    data = Bucket(s3, setting("DATA_BUCKET"), setting("EVIDENCE_BUCKET"))
    return run(event, Sources(data, Bucket(s3, setting("INTAKE_BUCKET")), member_ssm))
