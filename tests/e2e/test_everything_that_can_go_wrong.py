"""The demonstration of `make scan-faults`: every fault there is, in one run, and each ends as it should."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

from emulator.faults.hosts.table import HOST_FAULTS
from emulator.faults.rules import CallFault, InvocationFault
from emulator.faults.scenario import read_scenario
from fleetdx.cli.outputs import collect
from fleetdx.reasons import is_documented
from tests.embedded import embedded
from tests.faulty_fleet import FAILING, HOSTILE
from tests.leaks import WholeRun, issued_in, leaks, places_to_search

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERYTHING = Path(__file__).parents[2] / "emulator" / "faults" / "everything.json"
NOT_ENTERED = {
    ("111111111111", "ap-northeast-2"): "role_not_assumable",
    ("111111111111", "us-east-1"): "role_not_assumable",
    ("222222222222", "us-east-1"): "aws_unavailable",
}
OFF_HOSTS = {"ledger-refused": ("scan_failed", "batch_not_recorded")}
"""Hosts whose own fault is not what ends them."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeRun]:
    scenario = read_scenario(EVERYTHING)
    with embedded(tmp_path_factory.mktemp("emulator"), scenario=scenario) as aws:
        limits = {"execution_timeout_seconds": 60, "delivery_timeout_seconds": 30}
        # A few checks do: what goes wrong here is not a check.
        ended = aws.scan({"organization": True}, checks=["U-01", "U-16"], **limits)
        yield WholeRun(aws, ended, collect(aws.deployment, ended.run, tmp_path_factory.mktemp("out")))


def test_every_fault_is_in_it(whole: WholeRun) -> None:
    """The file names every fault of calls, functions and hosts, and each of its rules has struck in the run."""
    scenario = read_scenario(EVERYTHING)
    assert {host.fault for host in scenario.hosts} == set(HOST_FAULTS)
    assert {rule.fault for rule in scenario.rules} == {*get_args(CallFault), *get_args(InvocationFault)}
    assert {f"{rule.call} {rule.fault}": count for rule, count in whole.aws.cloud.faults.struck() if not count} == {}


def test_each_host_ends_as_its_fault_does(whole: WholeRun) -> None:
    """Each broken host has the line that its fault comes to; every other one is what it is without faults."""
    told = {
        line["instance_name"]: (line["state"], line["reason"])
        for line in whole.ended.ledger
        if line["kind"] == "instance"
    }
    expected = {fault.replace("_", "-"): outcome for fault, outcome in {**FAILING, **HOSTILE}.items()} | OFF_HOSTS
    assert {name: told[name] for name in expected} == expected
    others = Counter(outcome for name, outcome in told.items() if name not in expected)
    assert others == {
        ("scanned", "verified"): 13,
        ("stopped", "instance_stopped"): 1,
        ("unsupported", "platform_not_supported"): 1,
    }


def test_the_ledger_is_exact(whole: WholeRun) -> None:
    """Each instance that EC2 has, and each account-region, stands there once, with a documented reason; so do gaps."""
    assert (whole.ended.status, whole.ended.summary["status"]) == ("SUCCEEDED", "incomplete")
    lines = whole.ended.ledger
    assert set(Counter((line["account"], line["region"], line["instance"]) for line in lines).values()) == {1}
    exist = {one.instance_id for one in whole.aws.cloud.organization.instances}
    assert {line["instance"] for line in lines if line["kind"] == "instance"} == exist
    assert [line["reason"] for line in lines if not is_documented(line["reason"])] == []
    closed = {(one["account"], one["region"]): one["reason"] for one in lines if one["kind"] == "account_region"}
    assert {place: reason for place, reason in closed.items() if reason not in {"entered", "account_suspended"}} == (
        NOT_ENTERED
    )
    gaps = {(gap["account"], gap["region"]) for gap in whole.ended.summary["gaps"] if gap["instance"] is None}
    assert gaps == set(NOT_ENTERED)


def test_nothing_happened_twice(whole: WholeRun) -> None:
    """Whatever was lost, repeated or killed in between: no batch has two commands."""
    for account in whole.aws.cloud.organization.members:
        for region in whole.aws.cloud.organization.regions if account.status == "ACTIVE" else ():
            ssm = whole.aws.cloud.operator_session(account.id, region).client("ssm")
            comments = Counter(command["Comment"] for command in ssm.list_commands()["Commands"])
            assert set(comments.values()) <= {1}, (account.name, region)


def test_no_secret_rests_anywhere(whole: WholeRun) -> None:
    """No failure, retry or hostile host has brought a key, token or signature into a state, log, object or file."""
    assert leaks(places_to_search(whole), issued_in(whole)) == []


def test_nothing_is_left_on_a_host(whole: WholeRun) -> None:
    """No host keeps a directory of ours, whatever became of its scan."""
    left = {path.parent.name: list(path.iterdir()) for path in whole.aws.cloud.fleet.directory.glob("*/run")}
    assert {name: files for name, files in left.items() if files} == {}


def test_each_fault_can_be_read_in_the_report(whole: WholeRun) -> None:
    """The page names each broken host with its reason code."""
    page = (whole.directory / "report.html").read_text(encoding="utf-8")
    for fault, (state, reason) in {**FAILING, **HOSTILE}.items():
        assert fault.replace("_", "-") in page
        assert state == "scanned" or reason in page
