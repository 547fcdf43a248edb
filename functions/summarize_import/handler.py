"""SummarizeImport: what Security Hub has accepted of a run, and what it has not and why, in the run's summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

from fleetdx import keys
from fleetdx.entrypoint import entrypoint
from fleetdx.events import OpenedRun
from fleetdx.failures import CaughtError
from fleetdx.import_outcomes import summarize
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from fleetdx.run_models import Summary


class Input(OpenedRun):
    """The run, and the error that ended the import early if there was one."""

    import_failure: NotRequired[CaughtError]


class Output(TypedDict):
    """Findings that Security Hub has accepted, those that it has not, and whether everything was told."""

    is_complete: bool
    new: int
    updated: int
    resolved: int
    failed: int


def run(event: Input, data: Bucket) -> Output:
    """Write the sum of the import into summary.json; written again, it is the same."""
    found = summarize(data, event["run"], event["opening"], event.get("import_failure"))
    key = keys.out(event["run"], "summary.json")
    summary: Summary = data.get_json(key)
    summary["security_hub"] = found
    data.put_json(key, dict(summary))
    return {
        "is_complete": not found["problem_count"] and not found["why"],
        "new": found["new"],
        "updated": found["updated"],
        "resolved": found["resolved"],
        "failed": found["failed"],
    }


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    return run(event, Bucket(own_session().client("s3"), setting("DATA_BUCKET")))
