"""Every instance of a batch leaves with a ledger line or with a place in the next attempt, never both."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetdx import keys
from fleetdx.batches import AttemptPlan, read_plan, write_plan
from fleetdx.errors import BundleMissing
from fleetdx.judging import Sources
from functions.upload_results import handler
from tests.fakes.batches import COMMAND, FAILURE, FIRST, Scene
from tests.fakes.ec2 import instance_id
from tests.fakes.runs import (
    ACCOUNT,
    CHECKS,
    REGION,
    RUN,
    TARGET,
    batch_state,
    document,
    inventory_of,
    invocation,
    packed,
)
from tests.fakes.s3 import fake

NEXT = batch_state(0, 1, 1, wait_seconds=60)


def planned(scene: Scene) -> list[str]:
    """Whom the second attempt takes up."""
    return read_plan(scene.data, TARGET, NEXT, inventory_of(3)).instances


def leave(scene: Scene, *instances: str) -> None:
    """Leave these to the second attempt."""
    write_plan(scene.data, TARGET, NEXT, AttemptPlan(list(instances), {}, {}))


def test_batch_of_good_hosts_is_recorded() -> None:
    """Every host verified: a ledger line each, four result lines each, no stray, nothing to retry."""
    scene = Scene()
    for number in (1, 2, 3):
        scene.host(number)
    assert scene.upload(command=COMMAND) == {**NEXT, "wait_seconds": 0, "recorded": 3, "retry": 0}
    assert set(scene.states().values()) == {("scanned", "verified")}
    assert len(scene.results()) == 12
    assert scene.data.get_json(keys.strays(RUN, ACCOUNT, REGION, "0000-00")) == []


def test_unreached_hosts_go_into_the_next_attempt() -> None:
    """An undelivered host and one that SSM does not list are left for the next attempt, the others recorded."""
    scene = Scene()
    scene.host(1)
    scene.away(2)
    assert scene.upload(command=COMMAND) == {**NEXT, "recorded": 1, "retry": 2}
    assert set(scene.states()) == {instance_id(1)}
    assert planned(scene) == [instance_id(2), instance_id(3)]


def test_last_attempt_records_everybody() -> None:
    """After the last attempt an unreached host is told as such."""
    scene = Scene()
    leave(scene, instance_id(2), instance_id(3))
    scene.host(3, batch="0000-01")
    scene.away(2)
    answer = scene.upload(NEXT, command={"id": "command-1", "batch": "0000-01"})
    assert (answer["recorded"], answer["retry"]) == (2, 0)
    assert scene.states("0000-01") == {
        instance_id(2): ("scan_failed", "delivery_timed_out"),
        instance_id(3): ("scanned", "verified"),
    }


@pytest.mark.reaches(
    "delivery_timed_out",
    "undeliverable",
    "execution_timed_out",
    "command_terminated",
    "command_cancelled",
    "invalid_platform",
    "ssm_access_denied",
    "no_answer",
    "no_digest",
    "unexpected",
)
@pytest.mark.parametrize(
    ("status", "details", "reason"),
    [
        ("TimedOut", "DeliveryTimedOut", "delivery_timed_out"),
        ("Failed", "Undeliverable", "undeliverable"),
        ("TimedOut", "ExecutionTimedOut", "execution_timed_out"),
        ("Failed", "Terminated", "command_terminated"),
        ("Cancelled", "Cancelled", "command_cancelled"),
        ("Failed", "InvalidPlatform", "invalid_platform"),
        ("Failed", "AccessDenied", "ssm_access_denied"),
        ("InProgress", "InProgress", "no_answer"),
        ("Success", "Success", "no_digest"),
        ("Failed", "SomethingNew", "unexpected"),
    ],
)
def test_what_ssm_says_of_a_host_is_its_reason(status: str, details: str, reason: str) -> None:
    """In the last attempt each of SSM's statuses without a result is told in the ledger by its reason."""
    scene = Scene(1)
    scene.answers(1, {"Status": status, "StatusDetails": details})
    scene.upload({**FIRST, "last_attempt": 0}, command=COMMAND)
    assert scene.states() == {instance_id(1): ("scan_failed", reason)}


@pytest.mark.reaches(
    "no_download_tool",
    "host_busy",
    "directory_unavailable",
    "bundle_not_fetched",
    "bundle_hash_mismatch",
    "no_verified_bundle",
    "scanner_timed_out",
    "scanner_failed",
    "result_too_large",
    "result_not_sent",
    "unexpected",
)
@pytest.mark.parametrize(
    ("step", "told", "reason"),
    [
        ("Fetch", "no_download_tool", "no_download_tool"),
        ("Fetch", "host_busy", "host_busy"),
        ("Fetch", "directory_unavailable", "directory_unavailable"),
        ("Fetch", "bundle_not_fetched", "bundle_not_fetched"),
        ("Verify", "bundle_hash_mismatch", "bundle_hash_mismatch"),
        ("Verify", "no_verified_bundle", "no_verified_bundle"),
        ("Run", "no_verified_bundle", "no_verified_bundle"),
        ("Run", "scanner_timed_out", "scanner_timed_out"),
        ("Run", "scanner_failed", "scanner_failed"),
        ("Run", "result_too_large", "result_too_large"),
        ("Send", "result_not_sent", "result_not_sent"),
        ("Run", "owned", "unexpected"),
        ("Run", "verified", "unexpected"),
        ("Run", "instance_stopped", "unexpected"),
    ],
)
def test_what_a_host_says_is_its_reason(step: str, told: str, reason: str) -> None:
    """A step's own word is told in the ledger where it is documented; a host's invention never is, only its text."""
    scene = Scene(1)
    output = f"fleetdx: {told}: This is why.\n"
    scene.answers(1, {"Status": "Failed", "CommandPlugins": [{"Name": step, "Status": "Failed", "Output": output}]})
    scene.upload(command=COMMAND, failure=FAILURE)
    assert scene.states() == {instance_id(1): ("scan_failed", reason)}
    (line,) = scene.data.get_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "0000-00"))
    assert "This is why." in line["detail"]
    assert told in f"{line['reason']} {line['detail']}"


def test_failed_send_is_each_instances_reason() -> None:
    """No command was sent: every instance has the failure as its reason, and SSM is not asked."""
    scene = Scene()

    def never(_: object) -> Any:
        pytest.fail("SSM was asked")

    event: Any = {**TARGET, "batch": {**FIRST, "failure": FAILURE}}
    assert handler.run(event, Sources(scene.data, scene.intake, never))["recorded"] == 3
    assert set(scene.states().values()) == {("scan_failed", "document_missing")}


def test_failed_second_send_is_not_judged_by_the_first_command() -> None:
    """The state still holds the first attempt's command: it says nothing about the second attempt."""
    scene = Scene()
    leave(scene, instance_id(2))
    scene.host(2)
    scene.upload(NEXT, command=COMMAND, failure=FAILURE)
    assert scene.states("0000-01") == {instance_id(2): ("scan_failed", "document_missing")}


def test_failed_check_still_takes_what_is_there() -> None:
    """CheckCommand failed: hosts that answered are scanned, the others failed, nobody is tried again."""
    scene = Scene()
    scene.host(1)
    scene.away(2)
    assert scene.upload(command=COMMAND, failure=FAILURE)["retry"] == 0
    assert [state for state, _ in scene.states().values()] == ["scanned", "scan_failed", "scan_failed"]


def test_failed_check_is_the_reason_of_hosts_that_still_run() -> None:
    """Nobody waited for a host that still runs: its line names what stopped the waiting, not a time that is over."""
    scene = Scene(1)
    running = {"InstanceId": instance_id(1), "Status": "InProgress", "StatusDetails": "InProgress"}
    scene.ssm.invocations["command-1"] = [running]
    scene.upload(command=COMMAND, failure=FAILURE)
    assert scene.states() == {instance_id(1): ("scan_failed", "document_missing")}
    scene.upload(command=COMMAND)
    assert scene.states() == {instance_id(1): ("scan_failed", "no_answer")}


def test_second_call_leaves_the_same_state() -> None:
    """Run twice: the same objects with the same lines but for their time."""
    scene = Scene()
    scene.host(1)
    scene.host(2, sends=False)
    first = scene.upload(command=COMMAND)
    before, states, keys_before = scene.results(), scene.states(), set(fake(scene.data).objects)
    assert scene.upload(command=COMMAND) == first
    assert scene.states() == states
    assert set(fake(scene.data).objects) == keys_before
    assert [{**line, "at": ""} for line in scene.results()] == [{**line, "at": ""} for line in before]


@pytest.mark.reaches("evidence_not_received")
def test_strays_are_told_and_change_nothing() -> None:
    """An object that no digest names, even under another host's prefix, is told as a stray."""
    scene = Scene(2)
    scene.host(1)
    scene.host(2, sends=False)
    planted = f"{keys.intake_prefix(RUN, ACCOUNT, REGION, '0000-00')}{instance_id(2)}/{'0' * 64}.json.gz"
    scene.intake.put(planted, packed(document()))
    scene.upload(command=COMMAND)
    assert scene.states()[instance_id(2)] == ("scanned", "evidence_not_received")
    assert scene.data.get_json(keys.strays(RUN, ACCOUNT, REGION, "0000-00")) == [
        {"key": planted, "reason": "named_by_no_digest"}
    ]


@pytest.mark.reaches("bad_digest")
def test_selected_checks_are_expected_alone() -> None:
    """A request for one check refuses a host that tells of all."""
    scene = Scene(1, checks=[CHECKS[0]])
    scene.host(1)
    scene.upload(command=COMMAND)
    assert scene.states() == {instance_id(1): ("scan_failed", "bad_digest")}


def test_missing_catalog_is_raised() -> None:
    """Without the catalog no verdict can be read: nothing is recorded, and the state machine is told."""
    scene = Scene(1)
    scene.host(1)
    del scene.s3.objects["data", keys.catalog(TARGET["bundle"])]
    with pytest.raises(BundleMissing):
        scene.upload(command=COMMAND)
    assert keys.ledger_part(RUN, ACCOUNT, REGION, "0000-00") not in scene.s3.written


def test_results_are_written_before_the_ledger() -> None:
    """A ledger line never promises results that are not there."""
    scene = Scene(1)
    scene.host(1)
    scene.upload(command=COMMAND)
    order = [key for key in scene.s3.written if "ledger" in key or key.startswith("results/")]
    assert order[0].startswith("results/")


@pytest.mark.reaches("result_contradicts_digest")
@pytest.mark.parametrize("name", ["\ud800", "\x1b[2J"])
def test_hostile_host_does_not_cost_its_neighbor(name: str) -> None:
    """A host whose own result cannot even be named in the ledger fails alone."""
    scene = Scene(2)
    scene.host(1, packed(document(host={name: []})))
    scene.host(2)
    scene.ssm.invocations["command-1"].append(invocation("i-unknown", "\ud800"))
    scene.upload(command=COMMAND)
    assert scene.states() == {
        instance_id(1): ("scan_failed", "result_contradicts_digest"),
        instance_id(2): ("scanned", "verified"),
    }


@settings(max_examples=40, deadline=None)
@given(fates=st.lists(st.sampled_from(["good", "silent", "away", "unlisted", "broken"]), min_size=1, max_size=12))
def test_everybody_is_recorded_or_retried(fates: list[str]) -> None:
    """Recorded and retried instances are a partition of the batch, whatever became of each."""
    scene = Scene(len(fates))
    for number, fate in enumerate(fates, start=1):
        if fate == "away":
            scene.away(number)
        elif fate == "broken":
            scene.host(number, packed(b"{"))
        elif fate != "unlisted":
            scene.host(number, sends=fate == "good")
    answer = scene.upload(command=COMMAND)
    recorded = set(scene.states())
    retry = set(planned(scene)) if answer["retry"] else set()
    assert recorded | retry == {instance_id(number) for number in range(1, len(fates) + 1)}
    assert not recorded & retry
    assert (len(recorded), len(retry)) == (answer["recorded"], answer["retry"])
    assert {line["instance"] for line in scene.results()} <= recorded
