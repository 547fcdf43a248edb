"""Who asks for an execution: a person by STS's word, an execution of ours that has started it, or nobody knows who.

What the input of an execution says of its caller is never believed: whoever may start one could write anything there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypedDict

from fleetdx import keys
from fleetdx.errors import RecordMissing, ServiceUnavailable
from fleetdx.proofs import digest_of
from fleetdx.run_ids import moment_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.events import Execution
    from fleetdx.storage import Bucket

RequesterKind = Literal["proven", "event", "schedule", "unproven"]
MOST_AGE: Final = dt.timedelta(minutes=15)
"""So long after somebody has proven to ask for it an execution may begin: its name may be used again after 90 days."""


class Parent(NamedTuple):
    """What an execution of ours starts others by: the end of their names, its machine, and what that makes of them."""

    suffix: str
    machine: str
    kind: RequesterKind


PARENTS: Final = (
    Parent("-scan", "fleetdx-ensure-ssm-ready", "event"),
    Parent("-scheduled", "fleetdx-start-scheduled", "schedule"),
)


class Proven(TypedDict):
    """The record of who has proven to ask for an execution; `at` is when (RFC 3339)."""

    schema: Literal[1]
    execution: str
    request_sha256: str
    arn: str
    user_id: str
    at: str


class Requester(NamedTuple):
    """Who asks.

    Attributes:
        kind: How that is known.
        arn: Of a user or a role's session where it is proven; of the execution that has started this one; else of this
            execution, by which CloudTrail's StartExecution can be found.
    """

    kind: RequesterKind
    arn: str


class Start(NamedTuple):
    """An execution that another one has asked Step Functions to start: its machine, its name and its input."""

    machine: str
    name: str
    given: Any


StartsOf = Callable[[str], list[Start] | None]


def requester_of(
    data: Bucket,
    execution: Execution,
    request: Any,  # noqa: ANN401 - any input
    starts_of: StartsOf,
) -> Requester:
    """Who asks for an execution.

    Args:
        data: The data bucket.
        execution: What Step Functions says of it.
        request: Its input, as it was given.
        starts_of: What an execution, by its ARN, has started by its own history; None where there is none.

    Raises:
        ServiceUnavailable: The execution that its name leads to is there, and does not tell of having started it (yet).
    """
    try:
        proven = data.get_json(keys.requester(execution["name"]))
    except RecordMissing:
        proven = None
    if proven is not None and is_about(proven, execution, request):
        return Requester("proven", proven["arn"])
    return _started_by(execution, request, starts_of) or Requester("unproven", execution["id"])


def is_about(proven: Mapping[str, Any], execution: Execution, request: Any) -> bool:  # noqa: ANN401 - any input
    """Whether a record is of this execution and this input, and was made just before it began."""
    if proven.get("execution") != execution["id"] or proven.get("request_sha256") != digest_of(request):
        return False
    return moment_of(execution["started_at"]) - moment_of(proven["at"]) <= MOST_AGE


def _started_by(
    execution: Execution,
    request: Any,  # noqa: ANN401 - any input
    starts_of: StartsOf,
) -> Requester | None:
    """The execution of ours that has started this one; a name alone proves nothing, the other one's history does."""
    start, _, name = execution["id"].rpartition(":")
    prefix, _, machine = start.rpartition(":")
    for parent in PARENTS:
        if name.endswith(parent.suffix):
            arn = f"{prefix}:{parent.machine}:{name.removesuffix(parent.suffix)}"
            started = starts_of(arn)
            if started is None:
                return None
            if Start(f"{prefix.removesuffix(':execution')}:stateMachine:{machine}", name, request) not in started:
                raise ServiceUnavailable(f"the history of {arn} does not tell that it has started this")
            return Requester(parent.kind, arn)
    return None
