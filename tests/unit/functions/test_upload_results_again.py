"""Attempts, deliveries and parts: what follows on what; each instance is told once, with the best it came to."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx import keys
from fleetdx.batches import command_name
from fleetdx.reporting.lines import SeenResults, read_ledger
from fleetdx.run_records import RunRecords
from tests.fakes.aws_errors import client_error
from tests.fakes.batches import COMMAND, FAILURE, Scene
from tests.fakes.ec2 import instance_id
from tests.fakes.runs import (
    ACCOUNT,
    BUNDLE,
    CHECKS,
    PROFILE_NAME,
    REGION,
    RUN,
    TARGET,
    batch_state,
    open_run,
)

THROTTLED = {"Error": "ServiceThrottled", "Cause": '{"errorMessage": "SendCommand: ThrottlingException"}'}
INLINE = batch_state(0, 0, 2, delivery="inline")
INLINE_COMMAND = {"id": "command-1", "batch": command_name(INLINE)}
AUTO: dict[str, Any] = {"delivery": "auto", "max_attempts": 3}
ONE, TWO, THREE = (instance_id(number) for number in (1, 2, 3))


def told(scene: Scene) -> dict[str, tuple[str, str, Any, list[str], int]]:
    """What a report makes of everything written: state, reason, delivery, verdicts, and lines with evidence."""
    scene.data.put_json(keys.targets(RUN), [TARGET])
    records = RunRecords(scene.data, RUN, PROFILE_NAME, BUNDLE)
    ledger = read_ledger(records.ledger_of(ACCOUNT, REGION))
    results = list(records.results())
    seen = list(SeenResults().first_times(iter(results)))
    assert len(seen) == len(results), "a result line is counted twice"
    found = {}
    for key, line in ledger.instances.items():
        own = [result for name, result in seen if name == key]
        verdicts = [result["verdict"] for result in own]
        evident = sum(bool(result["evidence"]) for result in own)
        found[key.instance] = (line["state"], line["reason"], line["delivery"], verdicts, evident)
    return found


ALL = ["pass", "fail", "manual", "manual"]
WHOLE_INLINE = ("scanned", "verified", "inline", ALL, 4)


def test_a_host_without_a_way_to_s3_goes_inline() -> None:
    """Under auto a host that cannot fetch goes on inline, part by part, and ends with one whole result."""
    scene = Scene(2, **AUTO)
    scene.host(1)
    scene.closed(2, "Fetch")
    first = scene.upload(batch_state(0, 0, 2), command=COMMAND)
    assert first == {**batch_state(0, 1, 3, delivery="inline"), "recorded": 1, "retry": 1}
    scene.prints(2, 0, "command-2")
    second = scene.follows(first, "command-2")
    assert second == {**batch_state(0, 2, 4, delivery="inline", part=1), "recorded": 0, "retry": 1}
    scene.prints(2, 1, "command-3")
    assert scene.follows(second, "command-3")["retry"] == 0
    assert told(scene) == {ONE: ("scanned", "verified", "s3", ALL, 4), TWO: WHOLE_INLINE}
    assert {line["bundle"] for line in scene.results("0000-02")} == {BUNDLE}


def test_verdicts_that_came_are_told_at_once_and_replaced_by_a_whole_result() -> None:
    """Whose result could not be sent has its verdicts in the ledger, until the inline result takes their place."""
    scene = Scene(2, **AUTO)
    scene.closed(1)
    scene.closed(2)
    first = scene.upload(batch_state(0, 0, 2), command=COMMAND)
    assert (first["delivery"], first["recorded"], first["retry"]) == ("inline", 2, 2)
    assert told(scene) == dict.fromkeys((ONE, TWO), ("scanned", "evidence_not_received", None, ALL, 0))
    for number in (1, 2):
        scene.prints(number, 0, "command-2")
    second = scene.follows(first, "command-2")
    scene.prints(1, 1, "command-3")
    scene.answers(2, {"Status": "Failed", "StatusDetails": "Terminated"}, "command-3")
    scene.follows(second, "command-3")
    assert told(scene) == {ONE: WHOLE_INLINE, TWO: ("scanned", "evidence_not_received", None, ALL, 0)}
    assert {line["instance"] for line in scene.results("0000-00")} == {TWO}


def test_verdicts_outlive_a_command_that_cannot_be_sent() -> None:
    """An error of the attempt that follows costs no verdict."""
    scene = Scene(1, **AUTO)
    scene.closed(1)
    first = scene.upload(batch_state(0, 0, 2), command=COMMAND)
    batch = {name: first[name] for name in INLINE}
    assert scene.upload(batch, command=COMMAND, failure=FAILURE)["recorded"] == 0
    assert told(scene) == {ONE: ("scanned", "evidence_not_received", None, ALL, 0)}


def test_by_s3_alone_a_result_is_asked_for_again() -> None:
    """Where the request names S3 the host is tried again; its second result, if it comes, is the one that counts."""
    scene = Scene(2)
    scene.closed(1)
    scene.closed(2)
    first = scene.upload(command=COMMAND)
    assert (first["delivery"], first["wait_seconds"], first["retry"]) == ("s3", 60, 2)
    scene.host(1, batch="0000-01", command="command-2")
    scene.closed(2, command="command-2")
    assert scene.follows(first, "command-2")["retry"] == 0
    assert told(scene) == {
        ONE: ("scanned", "verified", "s3", ALL, 4),
        TWO: ("scanned", "evidence_not_received", None, ALL, 0),
    }


def test_a_repeated_call_leaves_the_same_records() -> None:
    """A Retry of the call that takes verdicts back finds them taken back."""
    scene = Scene(1)
    scene.closed(1)
    first = scene.upload(command=COMMAND)
    scene.host(1, batch="0000-01", command="command-2")
    assert scene.follows(first, "command-2") == scene.follows(first, "command-2")
    assert told(scene) == {ONE: ("scanned", "verified", "s3", ALL, 4)}


def test_inline_asked_for_reads_outputs_and_no_intake() -> None:
    """An inline batch is judged by outputs alone: one call an instance and part, and no strays."""
    scene = Scene(2, delivery="inline", max_attempts=3)
    for number in (1, 2):
        scene.prints(number)
        scene.prints(number, 1, "command-2")
    scene.intake.put(f"{keys.intake_prefix(RUN, ACCOUNT, REGION, '0000-00')}{ONE}/{'0' * 64}.json.gz", b"planted")
    scene.follows(scene.upload(INLINE, command=INLINE_COMMAND), "command-2")
    assert told(scene) == {ONE: WHOLE_INLINE, TWO: WHOLE_INLINE}
    assert scene.ssm.asked == [(one, host, "Send") for one in ("command-1", "command-2") for host in (ONE, TWO)]
    assert not [key for _, key in scene.s3.objects if "/strays/" in key]


@pytest.mark.reaches("evidence_not_received")
def test_an_output_that_was_not_read_costs_the_evidence_of_its_part() -> None:
    """Verdicts came with the digest; the ledger says what kept the rest."""
    scene = Scene(1, delivery="inline", max_attempts=3)
    scene.prints(1, is_read=False)
    scene.prints(1, 1, "command-2")
    scene.follows(scene.upload(INLINE, command=INLINE_COMMAND), "command-2")
    assert told(scene) == {ONE: ("scanned", "evidence_not_received", "inline", ALL, 2)}


def test_refused_outputs_are_told_and_cost_no_verdict() -> None:
    """A member whose role forbids the call still gives every verdict, and the ledger names the refusal."""
    scene = Scene(1, delivery="inline", max_attempts=3, checks=CHECKS[:2])
    scene.prints(1)
    scene.ssm.output_refusals = [client_error("AccessDeniedException", "GetCommandInvocation")]
    assert scene.upload(INLINE, command=INLINE_COMMAND)["retry"] == 0
    assert told(scene) == {ONE: ("scanned", "evidence_not_received", None, ["pass", "fail"], 0)}
    assert "GetCommandInvocation: AccessDeniedException." in scene.lines()[ONE]["detail"]


def test_who_fails_in_any_part_has_failed() -> None:
    """Half a result is none: the part's reason is the instance's, and no line of the other part is told."""
    scene = Scene(2, delivery="inline", max_attempts=3)
    scene.prints(1)
    scene.prints(2)
    first = scene.upload(INLINE, command=INLINE_COMMAND)
    scene.prints(1, 1, "command-2")
    scene.answers(2, {"Status": "TimedOut", "StatusDetails": "ExecutionTimedOut"}, "command-2")
    scene.follows(first, "command-2")
    assert told(scene) == {ONE: WHOLE_INLINE, TWO: ("scan_failed", "execution_timed_out", None, [], 0)}


def test_who_was_away_in_one_part_starts_again_at_the_first() -> None:
    """A host that misses the first part waits for the others, and is then taken through all parts."""
    scene = Scene(2, delivery="inline", max_attempts=3)
    scene.prints(1)
    scene.away(2)
    second = scene.upload(INLINE, command=INLINE_COMMAND)
    scene.prints(1, 1, "command-2")
    third = scene.follows(second, "command-2")
    assert third == {**batch_state(0, 2, 3, delivery="inline", wait_seconds=60), "recorded": 1, "retry": 1}
    scene.prints(2, 0, "command-3")
    fourth = scene.follows(third, "command-3")
    scene.prints(2, 1, "command-4")
    assert scene.follows(fourth, "command-4")["retry"] == 0
    assert told(scene) == {ONE: WHOLE_INLINE, TWO: WHOLE_INLINE}


def test_who_waits_is_told_when_nothing_follows() -> None:
    """An error in a later part ends the batch: who waited keeps its own reason, who was at work has the error's."""
    scene = Scene(2, delivery="inline", max_attempts=3)
    scene.prints(1)
    scene.away(2)
    second = scene.upload(INLINE, command=INLINE_COMMAND)
    batch = {name: second[name] for name in INLINE}
    assert scene.upload(batch, command=INLINE_COMMAND, failure=FAILURE)["retry"] == 0
    assert told(scene) == {
        ONE: ("scan_failed", "document_missing", None, [], 0),
        TWO: ("scan_failed", "delivery_timed_out", None, [], 0),
    }


def test_an_error_between_parts_is_no_result() -> None:
    """Nobody waits for the other parts once checking has failed: half a result is not told as a whole one."""
    scene = Scene(1, delivery="inline", max_attempts=3)
    scene.prints(1)
    assert scene.upload(INLINE, command=INLINE_COMMAND, failure=FAILURE)["retry"] == 0
    assert told(scene) == {ONE: ("scan_failed", "document_missing", None, [], 0)}


@pytest.mark.reaches("throttled")
def test_a_throttled_command_is_sent_later() -> None:
    """A batch that AWS would not take goes into the next attempt as a whole; in the last it is told."""
    scene = Scene(2)
    first = scene.upload(failure=THROTTLED)
    assert (first["recorded"], first["retry"], first["wait_seconds"]) == (0, 2, 60)
    batch = {name: first[name] for name in INLINE}
    assert scene.upload(batch, failure=THROTTLED)["retry"] == 0
    assert {state[:2] for state in told(scene).values()} == {("scan_failed", "throttled")}


def test_a_stopped_command_is_sent_again_by_the_opening_that_resumes() -> None:
    """What a stop has cancelled is no result: only a resumed run tries it again."""
    for opening, again in ((0, 0), (1, 1)):
        scene = Scene(1)
        scene.answers(1, {"Status": "Cancelled", "StatusDetails": "Cancelled"})
        assert scene.upload(command=COMMAND, opening=opening)["retry"] == again


def test_a_part_without_a_check_asked_for_is_left_out() -> None:
    """Of a request for one check only the part that holds it is run."""
    scene = Scene(1, delivery="inline", max_attempts=3)
    open_run(scene.data, delivery="inline", max_attempts=3, checks=CHECKS[2:])
    scene.prints(1, 1)
    assert scene.upload(INLINE, command=INLINE_COMMAND)["retry"] == 0
    assert told(scene) == {ONE: ("scanned", "verified", "inline", ["manual", "manual"], 2)}
