"""Questions about what is deployed: outputs, subscriptions, members and the scan of one instance. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fleetdx.deploy_check.answers import Judgement, fails, passes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fleetdx.inventory import Inventory
    from fleetdx.models import LedgerLine
    from fleetdx.plan import Plan

VERIFIED: Final = "verified"
"""The reason of a scanned instance whose digest and whole result are there and belong together."""
MOST_NAMED: Final = 5


@dataclass(frozen=True)
class EndedRun:
    """A run to its end: its id, Step Functions' word for how it ended, and the error where there was one."""

    run: str
    status: str
    error: str = ""


@dataclass(frozen=True)
class Smoke:
    """The scan of one instance.

    Attributes:
        ended: The run.
        status: `complete` or `incomplete`, as its summary says; None where it left none.
        line: The instance's line in the ledger; None where there is none.
        results: How many results of the instance the run has.
    """

    ended: EndedRun
    status: str | None
    line: LedgerLine | None
    results: int


def judge_outputs(found: Mapping[str, bool]) -> Judgement:
    """Everything that the outputs name is there."""
    absent = [name for name, is_there in found.items() if not is_there]
    return fails(f"Not there: {', '.join(absent)}.") if absent else passes(f"{len(found)} outputs lead to something.")


def judge_subscription(queue: str, queues: Mapping[str, bool]) -> Judgement:
    """The queue is subscribed, and the subscription confirmed."""
    if queue not in queues:
        return fails("The queue is not subscribed to the topic.")
    if not queues[queue]:
        return fails("The subscription waits for its confirmation.")
    return passes("Subscribed and confirmed.")


def judge_plan(ended: EndedRun, plan: Plan | None) -> Judgement:
    """The dry run has entered every active account in every region.

    Args:
        ended: The dry run.
        plan: What it left; None where it did not succeed.
    """
    if plan is None:
        return fails(f"Dry run {ended.run} ended as {ended.status}: {ended.error}.")
    closed = [line for line in plan["not_entered"] if line["state"] == "scan_failed"]
    if closed:
        told = [f"{line['account']}/{line['region']} ({line['reason']})" for line in closed]
        more = f" and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
        return fails(f"Not entered: {', '.join(told[:MOST_NAMED])}{more}.")
    return passes(f"{len(plan['targets'])} account-regions entered, {plan['instances_to_scan']} instances to scan.")


def scannable(inventories: Iterable[Inventory]) -> tuple[str, ...]:
    """The instances that a scan would take up, as account/region/id, in order."""
    return tuple(
        sorted(
            f"{inventory['account']}/{inventory['region']}/{instance}"
            for inventory in inventories
            for batch in inventory["batches"]
            for instance in batch
        )
    )


def choose(instances: Iterable[str], wanted: str | None) -> str | None:
    """The instance of an id, or the first one; None where there is none.

    Args:
        instances: As account/region/id.
        wanted: An id alone.
    """
    return next((one for one in instances if wanted is None or one.endswith(f"/{wanted}")), None)


def judge_smoke(smoke: Smoke) -> Judgement:
    """The run is complete and has the instance's verified results."""
    ended, line = smoke.ended, smoke.line
    if ended.status != "SUCCEEDED" or smoke.status is None:
        return fails(f"Run {ended.run} ended as {ended.status}: {ended.error or 'it left no summary'}.")
    if line is None:
        return fails(f"Run {ended.run} has no line of the instance.")
    if (line["state"], line["reason"]) != ("scanned", VERIFIED):
        return fails(f"Run {ended.run}: {line['state']}, {line['reason']}: {line['detail']}")
    if smoke.status != "complete":
        return fails(f"Run {ended.run} is {smoke.status}.")
    if smoke.results == 0:
        return fails(f"Run {ended.run} has no result of the instance.")
    return passes(f"Run {ended.run} is complete: {smoke.results} verified results of {line['instance']}.")
