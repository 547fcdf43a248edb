"""An SSM invocation says why a host has no result, and whether to try again."""

from __future__ import annotations

import pytest

from fleetdx.evidence import MAXIMUM_LINE, printable
from fleetdx.invocations import failure_of, is_terminal, run_output, status_of
from tests.fakes.runs import invocation

HOST = "i-0123456789abcdef0"


@pytest.mark.parametrize(
    ("status", "details", "reason", "retry"),
    [
        ("TimedOut", "DeliveryTimedOut", "delivery_timed_out", "unreached"),
        ("TimedOut", "Delivery Timed Out", "delivery_timed_out", "unreached"),
        ("Failed", "Undeliverable", "undeliverable", "unreached"),
        ("TimedOut", "ExecutionTimedOut", "execution_timed_out", None),
        ("TimedOut", "Execution Timed Out", "execution_timed_out", None),
        ("Failed", "Terminated", "command_terminated", None),
        ("Cancelled", "Cancelled", "command_cancelled", None),
        ("Failed", "InvalidPlatform", "invalid_platform", None),
        ("Failed", "Invalid Platform", "invalid_platform", None),
        ("Failed", "AccessDenied", "ssm_access_denied", None),
        ("Failed", "Access Denied", "ssm_access_denied", None),
        ("Pending", "Pending", "no_answer", None),
        ("InProgress", "InProgress", "no_answer", None),
        ("InProgress", "In Progress", "no_answer", None),
        ("Delayed", "Delayed", "no_answer", None),
        ("Cancelling", "Cancelling", "no_answer", None),
        ("", "", "no_answer", None),
        ("Failed", "Failed", "unexpected", None),
        ("Failed", "SomethingNew", "unexpected", None),
    ],
)
def test_every_status_has_a_reason(status: str, details: str, reason: str, retry: str | None) -> None:
    """Each of SSM's detailed statuses, with spaces or without, is a reason; only undelivered ones are retried."""
    failure = failure_of({"InstanceId": HOST, "Status": status, "StatusDetails": details})
    assert failure is not None
    assert (failure.reason, failure.retry) == (reason, retry)
    assert len(failure.detail) > 10


def test_success_is_no_failure() -> None:
    """A successful invocation has no failure, whatever its steps printed."""
    assert failure_of(invocation(HOST, "fleetdx: scanner_failed: no")) is None


def test_absent_invocation_is_tried_again() -> None:
    """An instance that SSM lists no invocation for was not reached."""
    failure = failure_of(None)
    assert failure is not None
    assert (failure.reason, failure.retry) == ("not_invoked", "unreached")


@pytest.mark.parametrize(
    ("status", "ended"),
    [("Success", True), ("Failed", True), ("TimedOut", True), ("Cancelled", True), ("Cancelling", False),
     ("Pending", False), ("InProgress", False), ("Delayed", False), ("", False)],
)  # fmt: skip
def test_terminal_statuses(status: str, *, ended: bool) -> None:
    """Only SSM's four final statuses end an invocation."""
    assert is_terminal({"Status": status}) is ended
    assert not is_terminal({})


def test_status_falls_back_to_the_short_one() -> None:
    """Without details the short status counts."""
    assert status_of({"Status": "Failed"}) == "Failed"
    assert status_of({}) == ""


@pytest.mark.parametrize(
    ("step", "reason"),
    [("Fetch", "bundle_not_fetched"), ("Verify", "bundle_hash_mismatch"), ("Run", "scanner_failed"),
     ("Send", "result_not_sent"), ("Invented", "unexpected")],
)  # fmt: skip
def test_failed_step_without_a_word_is_the_reason(step: str, reason: str) -> None:
    """A step that failed silently gives its own reason and exit code."""
    told = invocation(HOST, "", "Failed", **{step: "Failed"})
    failure = failure_of(told)
    assert failure is not None
    assert (failure.reason, failure.retry) == (reason, None)
    assert failure.detail == f"Step {step} ended as Failed with exit code 0."


def test_first_failed_step_counts() -> None:
    """What failed first is the cause; the steps after it are consequences."""
    failure = failure_of(invocation(HOST, "", "Failed", Verify="Failed", Run="Failed", Send="Failed"))
    assert failure is not None
    assert failure.reason == "bundle_hash_mismatch"


def test_step_that_ran_out_of_time() -> None:
    """A step that timed out inside a failed invocation is told as such."""
    failure = failure_of(invocation(HOST, "", "Failed", Run="TimedOut"))
    assert failure is not None
    assert failure.reason == "execution_timed_out"


def test_step_tells_its_reason() -> None:
    """The line that a step prints when it fails is reason and sentence, wherever it stands in the output."""
    output = "noise\nfleetdx: directory_filled: It held too much.\nmore"
    failure = failure_of(invocation(HOST, output, "Failed", Run="Failed"))
    assert failure == ("directory_filled", "Step Run: It held too much.", None)
    busy = invocation(HOST, "", "Failed", Fetch="Failed")
    busy["CommandPlugins"][0]["Output"] = "fleetdx: host_busy: Its lock is held.\n"
    assert failure_of(busy) == ("host_busy", "Step Fetch: Its lock is held.", "busy")


@pytest.mark.parametrize(("step", "reason"), [("Fetch", "bundle_not_fetched"), ("Send", "result_not_sent")])
def test_a_closed_way_to_s3_is_the_network(step: str, reason: str) -> None:
    """A step that tells that S3 was not reached may work at another time, or by another way."""
    told = invocation(HOST, "", "Failed", **{step: "Failed"})
    for plugin in told["CommandPlugins"]:
        plugin["Output"] = f"fleetdx: {reason}: Nobody answers.\n" if plugin["Name"] == step else ""
    assert failure_of(told) == (reason, f"Step {step}: Nobody answers.", "network")


@pytest.mark.parametrize("code", ["owned", "verified", "stopped_by_operator", "role_not_assumable", "host_busy"])
def test_step_tells_no_reason_but_its_own(code: str) -> None:
    """What is not documented as the step's word is no reason, and never a second attempt; its text is kept."""
    failure = failure_of(invocation(HOST, f"fleetdx: {code}: Believe me.\n", "Failed", Run="Failed"))
    assert failure == ("unexpected", f"Step Run told {code}: Believe me.", None)


@pytest.mark.parametrize(
    "output",
    [
        "fleetdx: Bad: x",
        "fleetdx: a-b: x",
        "fleetdx: : x",
        "fleetdx: a:",
        " fleetdx: a: x",
        "fleetdx: " + "a" * 41 + ": x",
    ],
)
def test_malformed_reason_line_is_ignored(output: str) -> None:
    """What is not exactly a reason line is not taken for one."""
    failure = failure_of(invocation(HOST, output, "Failed", Run="Failed"))
    assert failure is not None
    assert failure.reason == "scanner_failed"


@pytest.mark.parametrize("sentence", ["\x1b]0;owned\x07", "\u202eevil", "\ud800", "a\rb", "x" * 300, "\u2028"])
@pytest.mark.parametrize(("code", "reason"), [("scanner_failed", "scanner_failed"), ("owned", "unexpected")])
def test_hostile_sentence_is_made_printable(sentence: str, code: str, reason: str) -> None:
    """A host's sentence reaches the ledger as printable, storable text."""
    failure = failure_of(invocation(HOST, f"fleetdx: {code}: {sentence}\n", "Failed", Run="Failed"))
    assert failure is not None
    assert failure.reason == reason
    assert failure.detail == printable(failure.detail)
    assert len(failure.detail.encode()) < 3 * MAXIMUM_LINE


def test_output_of_the_step_run_counts_only_where_it_succeeded() -> None:
    """The digest is read from a successful Run alone, whatever other steps print."""
    assert run_output(invocation(HOST, "line")) == "line"
    assert run_output(invocation(HOST, "line", "Failed", Send="Failed")) == "line"
    assert run_output(invocation(HOST, "line", "Failed", Run="Failed")) is None
    assert run_output({"CommandPlugins": [{"Name": "Send", "Status": "Success", "Output": "line"}]}) is None
    assert run_output({}) is None


@pytest.mark.parametrize("step", ["Fetch", "Verify"])
def test_a_run_without_a_verified_bundle_tells_nothing(step: str) -> None:
    """The document's Run cannot succeed after a failed Fetch or Verify: what claims so is not its output."""
    assert run_output(invocation(HOST, "line", "Failed", **{step: "Failed"})) is None


def test_a_result_too_large_to_send_keeps_its_verdicts() -> None:
    """Where Run failed only because the result is too large, its digest still counts."""
    output = "fleetdx/1 quick 00 00 p\nfleetdx: result_too_large: 9 bytes, at most 5.\n\n----------ERROR-------\nfailed"
    steps = [{"Name": "Run", "Status": "Failed", "ResponseCode": 1, "Output": output}]
    assert run_output({"Status": "Failed", "CommandPlugins": steps}) == output
    steps[0]["Output"] = output.replace("result_too_large", "scanner_failed")
    assert run_output({"Status": "Failed", "CommandPlugins": steps}) is None


def test_a_result_too_large_to_be_announced_is_the_reason() -> None:
    """A scan that wrote so much that it was ended tells no digest: that reason counts, not an unreadable digest."""
    told = invocation(HOST, "fleetdx: result_too_large: the result exceeds 32 MiB.\n", "Failed", Run="Failed")
    assert run_output(told) is None
    assert failure_of(told) == ("result_too_large", "Step Run: the result exceeds 32 MiB.", None)
