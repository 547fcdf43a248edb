"""A stopped run has no execution left, and says where commands may be outstanding."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fleetdx import keys
from fleetdx.claims import claim
from fleetdx.errors import InvalidRequest, RequesterRefused, ServiceUnavailable
from fleetdx.openings import open_run as open_for
from fleetdx.requesters import Requester
from functions.stop_executions import handler
from tests.fakes.requesters import JANE, NOBODY, around, prove, rules
from tests.fakes.runs import ACCOUNT, OPENED, REGION, RUN, open_run
from tests.fakes.s3 import bucket, fake
from tests.fakes.stepfunctions import FakeStepFunctions

FLEET, TARGET, BATCH = "fleet", "target", "batch"
EXECUTION: Any = {"id": "stop:1", "name": "1", "started_at": "2026-11-23T02:30:00Z"}
YESTERDAY = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def opened(*executions: str, by: Requester = NOBODY) -> Any:
    data = bucket()
    open_run(data)
    for execution in executions:
        open_for(data, RUN, execution, lambda _: False, by)
    return data


def stop(data: Any, states: FakeStepFunctions, run: object = RUN, execution: Any = EXECUTION) -> Any:
    event: Any = {"request": {"run": run}, "execution": execution}
    return handler.run(event, data, states, (TARGET, BATCH), around())  # type: ignore[arg-type]


def test_every_execution_of_the_run_ends_and_no_other() -> None:
    """First the one that starts others, then those; another run's and those that have ended stay as they are."""
    data = opened(f"{FLEET}:{RUN}", f"{FLEET}:{RUN}-resume-1")
    other = f"{TARGET}:20261123T021600Z-3fa9c2-1-{REGION}"
    states = FakeStepFunctions(
        {
            f"{FLEET}:{RUN}": "FAILED",
            f"{FLEET}:{RUN}-resume-1": "RUNNING",
            f"{TARGET}:{RUN}-1-{REGION}": "SUCCEEDED",
            f"{TARGET}:{RUN}-2-{REGION}": "RUNNING",
            f"{BATCH}:{RUN}-2-{REGION}-0": "RUNNING",
            other: "RUNNING",
        }
    )
    answer = stop(data, states)
    assert states.stopped == [
        (f"{FLEET}:{RUN}-resume-1", "RunStopped"),
        (f"{TARGET}:{RUN}-2-{REGION}", "RunStopped"),
        (f"{BATCH}:{RUN}-2-{REGION}-0", "RunStopped"),
    ]
    assert states.statuses[other] == "RUNNING"
    assert answer == {
        **OPENED,
        "opening": 1,
        "targets": {"bucket": "data", "key": keys.stopped_targets(RUN)},
        "stopped": 3,
    }
    later = dt.datetime.now(dt.UTC).isoformat()
    assert stop(data, states, execution={"id": "stop:2", "name": "2", "started_at": later})["stopped"] == 0


def test_the_mark_stands_before_anything_is_stopped() -> None:
    """SendCommand looks for the mark: it is written first, with who stopped the run."""
    data = opened(f"{FLEET}:{RUN}")
    states = FakeStepFunctions({f"{FLEET}:{RUN}": "RUNNING"})
    marked = []
    stop_execution = states.stop_execution

    def watched(**arguments: Any) -> Any:
        marked.append(keys.stop_mark(RUN) in fake(data).written)
        return stop_execution(**arguments)

    states.stop_execution = watched  # type: ignore[method-assign]
    stop(data, states)
    assert marked == [True]
    assert data.get_json(keys.stop_mark(RUN))["by"] == "stop:1"


def test_an_execution_that_was_just_being_started_is_found_by_the_retry() -> None:
    """An account-region that appears while batches are stopped makes the function ask for another look."""
    data = opened(f"{FLEET}:{RUN}")
    running = {f"{FLEET}:{RUN}": "RUNNING", f"{BATCH}:{RUN}-1-{REGION}-0": "RUNNING"}
    states = FakeStepFunctions(running, late=(f"{TARGET}:{RUN}-2-{REGION}",), stops_before=2)
    with pytest.raises(ServiceUnavailable):
        stop(data, states)
    assert stop(data, states)["stopped"] == 3


def test_what_ended_because_what_had_started_it_was_stopped_counts_too() -> None:
    """Step Functions ends some by itself; what had ended before does not count."""
    data = opened(f"{FLEET}:{RUN}")
    before, child = f"{TARGET}:{RUN}-1-{REGION}", f"{TARGET}:{RUN}-2-{REGION}"
    states = FakeStepFunctions({f"{FLEET}:{RUN}": "RUNNING", before: "ABORTED", child: "RUNNING"})
    states.dates[before] = {"stopDate": YESTERDAY}
    stop_execution = states.stop_execution

    def with_children(**arguments: Any) -> Any:
        states.statuses[child] = "ABORTED"
        states.dates[child] = {"stopDate": dt.datetime.now(dt.UTC)}
        return stop_execution(**arguments)

    states.stop_execution = with_children  # type: ignore[method-assign]
    assert stop(data, states)["stopped"] == 2
    assert [arn for arn, _ in states.stopped] == [f"{FLEET}:{RUN}"]


def test_commands_are_looked_for_where_claims_are() -> None:
    """Each account-region in which a command was claimed is told once."""
    data = opened(f"{FLEET}:{RUN}")
    for batch in ("0000-00", "0001-00"):
        claim(data, keys.command_claim(RUN, ACCOUNT, REGION, batch))
    stop(data, FakeStepFunctions({}))
    (target,) = data.get_json(keys.stopped_targets(RUN))
    assert (target["account"], target["region"], target["run"]) == (ACCOUNT, REGION, RUN)


@pytest.mark.parametrize("run", [None, 7, "x", RUN + "0", RUN])
def test_what_is_no_run_is_refused_at_its_pointer(run: object) -> None:
    """Neither a malformed name nor a run that was never opened stops anything."""
    states = FakeStepFunctions({f"{FLEET}:{RUN}": "RUNNING"})
    with pytest.raises(InvalidRequest) as refused:
        stop(bucket(), states, run)
    assert refused.value.pointer == "/run"
    assert states.stopped == []


def test_who_opened_a_run_may_stop_it() -> None:
    """Rules that let nobody stop runs of others do not keep its own requester from it."""
    data = opened(f"{FLEET}:{RUN}", by=Requester("proven", JANE))
    rules(data, {"may_stop": False})
    with pytest.raises(RequesterRefused, match="no rule"):
        stop(data, FakeStepFunctions({}))
    prove(data, EXECUTION, {"run": RUN})
    assert stop(data, FakeStepFunctions({}))["run"] == RUN
    assert data.get_json(keys.stop_mark(RUN))["requester"] == {"kind": "proven", "arn": JANE}


def test_others_runs_are_stopped_by_whom_a_rule_lets() -> None:
    """A refused stop leaves no mark: the run goes on."""
    data = opened(f"{FLEET}:{RUN}")
    prove(data, EXECUTION, {"run": RUN})
    states = FakeStepFunctions({f"{FLEET}:{RUN}": "RUNNING"})
    rules(data, {})
    with pytest.raises(RequesterRefused, match="rule-0 allows no stop of runs of others"):
        stop(data, states)
    assert (states.stopped, keys.stop_mark(RUN) in fake(data).written) == ([], False)
    rules(data, {}, {"may_stop": True})
    assert stop(data, states)["stopped"] == 1


def test_a_run_that_is_still_ending_is_waited_for() -> None:
    """While Step Functions still calls the run's own execution running, another try is due, as for its children."""

    class Slow(FakeStepFunctions):
        """Tells of a stop only once it has been asked for twice."""

        def stop_execution(self, *, executionArn: str, error: str, cause: str) -> dict[str, Any]:  # noqa: N803
            answer = super().stop_execution(executionArn=executionArn, error=error, cause=cause)
            if len(self.stopped) == 1:
                self.statuses[executionArn] = "RUNNING"
            return answer

    data, states = opened(f"{FLEET}:{RUN}"), Slow({f"{FLEET}:{RUN}": "RUNNING"})
    with pytest.raises(ServiceUnavailable, match="still ending"):
        stop(data, states)
    assert stop(data, states)["stopped"] == 1
