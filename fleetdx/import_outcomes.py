"""What became of the import of a run's findings into Security Hub: of one account-region, and of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx import keys
from fleetdx.errors import RecordMissing
from fleetdx.failures import sentence_of

if TYPE_CHECKING:
    from fleetdx.events import ImportTarget
    from fleetdx.failures import CaughtError
    from fleetdx.run_models import ImportProblem, ImportSummary, PlaceImport
    from fleetdx.storage import Bucket

MOST_PROBLEMS: Final = 50
NOT_RECORDED: Final = "Nothing was recorded: the function did not come to its end"


def summarize(data: Bucket, run: str, opening: int, failure: CaughtError | None) -> ImportSummary:
    """Add up the outcomes of all account-regions that were selected; a missing one is a problem too.

    Args:
        data: The data bucket.
        run: The run.
        opening: The number of its opening.
        failure: The error that ended the selection, or the Map over the account-regions.
    """
    why = f"{failure['Error']}: {sentence_of(failure)}" if failure else ""
    targets = _targets(data, run, opening)
    outcomes = [(target, _outcome(data, target)) for target in targets]
    problems: list[ImportProblem] = [
        {"account": target["account"], "region": target["region"], "failed": outcome["failed"], "why": outcome["why"]}
        for target, outcome in outcomes
        if outcome["why"]
    ]
    return {
        "new": sum(outcome["new"] for _, outcome in outcomes),
        "updated": sum(outcome["updated"] for _, outcome in outcomes),
        "resolved": sum(outcome["resolved"] for _, outcome in outcomes),
        "failed": sum(outcome["failed"] for _, outcome in outcomes),
        "account_regions": len(targets),
        "problem_count": len(problems),
        "problems": problems[:MOST_PROBLEMS],
        "why": why,
    }


def _targets(data: Bucket, run: str, opening: int) -> list[ImportTarget]:
    try:
        targets: list[ImportTarget] = data.get_json(keys.import_targets(run, opening))
    except RecordMissing:
        return []
    return targets


def _outcome(data: Bucket, target: ImportTarget) -> PlaceImport:
    key = keys.import_outcome(target["run"], target["opening"], target["account"], target["region"])
    try:
        outcome: PlaceImport = data.get_json(key)
    except RecordMissing:
        return {"new": 0, "updated": 0, "resolved": 0, "failed": target["findings"], "why": NOT_RECORDED}
    return outcome
