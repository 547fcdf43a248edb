"""The inline parts of a profile put together: what an instance came to in each becomes one outcome with all results.

Between the parts they lie in S3; the ledger and the results learn of an instance only when it has gone through all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx import keys
from fleetdx.batches import batch_name
from fleetdx.ledger import Outcome
from fleetdx.verification import WITH_EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.batches import BatchState
    from fleetdx.models import ResultLine
    from fleetdx.storage import Bucket
    from fleetdx.verification import Judged


class PartsDone(NamedTuple):
    """What one instance came to in the parts so far: an outcome a part, and the result lines of all."""

    outcomes: list[Outcome]
    results: list[ResultLine]


def write_parts(data: Bucket, event: Mapping[str, Any], following: BatchState, done: Mapping[str, PartsDone]) -> None:
    """Keep what the instances of the part that follows came to so far."""
    key = keys.parts(event["run"], event["account"], event["region"], batch_name(following))
    data.put_json(key, {name: [[list(outcome) for outcome in one.outcomes], one.results] for name, one in done.items()})


def read_parts(data: Bucket, event: Mapping[str, Any], batch: BatchState) -> dict[str, PartsDone]:
    """What the instances of an attempt came to in the parts before it; nothing at the first part.

    Raises:
        RecordMissing: The attempt before it has kept nothing.
    """
    if batch["part"] == 0:
        return {}
    document = data.get_json(keys.parts(event["run"], event["account"], event["region"], batch_name(batch)))
    return {
        name: PartsDone([Outcome(*outcome) for outcome in outcomes], results)
        for name, (outcomes, results) in document.items()
    }


def joined(before: PartsDone | None, judged: Judged) -> PartsDone:
    """The parts before, and one more in which the instance's verdicts came."""
    done = before or PartsDone([], [])
    return PartsDone([*done.outcomes, judged.outcome], [*done.results, *judged.results])


def outcome_of_all(done: PartsDone) -> Outcome:
    """One outcome of an instance whose verdicts came in each part: that of the first without evidence, if any.

    Where all have evidence, that of the first that is not simply verified.
    """
    lacking = [outcome for outcome in done.outcomes if outcome.reason not in WITH_EVIDENCE]
    unusual = lacking or [outcome for outcome in done.outcomes if outcome.reason != "verified"]
    if unusual or len(done.outcomes) == 1:
        return (unusual or done.outcomes)[0]
    detail = f"Its result came in {len(done.outcomes)} parts, each with the hash that SSM authenticates."
    return done.outcomes[0]._replace(detail=detail)


def any_evidence(done: PartsDone) -> bool:
    """Whether the evidence of any part came."""
    return any(outcome.reason in WITH_EVIDENCE for outcome in done.outcomes)
