"""Every Retry and Catch edge of every machine, reached by a fault, with the ledger that it leads to.

The edges come from the definitions: a new one fails here until a scenario reaches it. Those of ensure_ssm_ready are in
test_mending_edges.py, those of report_coverage in test_coverage_edges.py, those of start_scheduled in
test_scheduled_starts.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fleetdx import keys
from fleetdx.cli import runs
from tests.embedded import embedded
from tests.workflow.edges import EDGES, SCHEDULED, Edge
from tests.workflow.scenarios import (
    CATCHES,
    COVERAGE,
    MENDING,
    RETRIES,
    SEOUL,
    STAGING,
    STOP,
    STOP_RETRIES,
    TRADING,
    VIRGINIA,
    WALLET,
    Stage,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.embedded import Ended


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with embedded(tmp_path_factory.mktemp("emulator")) as aws:
        # Security Hub is enabled nowhere: no finding is accepted, so that each run has some to import.
        aws.set_variables("fleetdx-validate-request", SECURITY_HUB_FINDINGS="on")
        yield Stage(aws)


def lines(ended: Ended) -> list[dict[str, Any]]:
    """The ledger without what no two runs have in common."""
    return [{name: value for name, value in line.items() if name not in {"run", "at"}} for line in ended.ledger]


def reasons(ended: Ended) -> dict[tuple[str, str, bool], tuple[str, str]]:
    """State and reason of each line, by account, region and whether it is an instance's."""
    return {
        (line["account"], line["region"], line["kind"] == "instance"): (line["state"], line["reason"])
        for line in ended.ledger
    }


@pytest.mark.parametrize(
    "edge",
    [pytest.param(edge, id=str(edge)) for edge in EDGES if edge.machine not in {MENDING, COVERAGE, SCHEDULED}],
)
def test_every_edge_is_taken_as_drawn(stage: Stage, edge: Edge) -> None:
    """A fault leads over the edge, to the state that it is drawn to."""
    name = {**RETRIES, **STOP_RETRIES, **CATCHES}.get(edge)
    assert name is not None, f"no scenario reaches {edge}"
    assert edge in stage.played(name).edges


@pytest.mark.parametrize("name", sorted({*STOP_RETRIES.values(), "no command can be cancelled"}))
def test_what_strikes_a_stop_leaves_its_ledger(stage: Stage, name: str) -> None:
    """Whatever a stop overcomes, or cannot cancel, its ledger is that of an undisturbed stop."""
    undisturbed = stage.played("a stop")
    # Executions that are still ending are looked for again: that way belongs to a stop in which all goes well.
    assert undisturbed.edges <= {Edge(STOP, "StopExecutions", "Retry", 1)}
    assert [line["reason"] for line in undisturbed.ended.ledger] == ["stopped_by_operator"] * 2
    assert lines(stage.played(name).ended) == lines(undisturbed.ended)


def test_a_stop_that_lists_nothing_closes_the_ledger_all_the_same(stage: Stage) -> None:
    """Where the outstanding commands cannot be listed, the executions have ended and the lines are there."""
    ended = stage.played("no list of what is outstanding can be read").ended
    assert [line["reason"] for line in ended.ledger] == ["stopped_by_operator"] * 2


@pytest.mark.parametrize("name", sorted(set(RETRIES.values())))
def test_what_is_repeated_leaves_no_trace_in_the_ledger(stage: Stage, name: str) -> None:
    """Whatever a Retry overcomes, the run ends in the ledger of an undisturbed one."""
    undisturbed = stage.played("nothing")
    assert undisturbed.edges == set()
    assert [line["reason"] for line in undisturbed.ended.ledger] == ["entered", "verified"]
    assert lines(stage.played(name).ended) == lines(undisturbed.ended)


@pytest.mark.parametrize(
    ("name", "error", "last"),
    [
        ("a refused request", "InvalidRequest", "RequestRefused"),
        ("no bundle can be read", "AccessDenied", "RunNotOpened"),
        ("an unknown unit", "InvalidRequest", "RunNotOpened"),
        ("no report can be written", "AccessDenied", "ReportNotBuilt"),
        ("a stop of no run", "InvalidRequest", "StopRefused"),
        ("no execution can be stopped", "AccessDenied", "RunNotStopped"),
        ("no report of a stop can be written", "AccessDenied", "ReportNotBuilt"),
    ],
)
def test_a_run_that_cannot_end_well_fails_by_name(stage: Stage, name: str, error: str, last: str) -> None:
    """Where no report can be, the execution fails with the error that a function raised."""
    ended = stage.played(name).ended
    state = runs.status(stage.aws.deployment, ended.run)
    assert (state["status"], state["error"]) == ("FAILED", error)
    assert stage.aws.states(ended.run.execution)[-1] == last


def test_without_report_the_records_are_there(stage: Stage) -> None:
    """What was verified before BuildReport failed lies in S3."""
    ended = stage.played("no report can be written").ended
    data = stage.aws.deployment.data
    found = [line for part in data.keys(keys.ledger_prefix(ended.run.id)) for line in data.get_lines(part.key)]
    assert {(line["kind"], line["reason"]) for line in found} == {
        ("account_region", "entered"),
        ("instance", "verified"),
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("no organization can be read", {("000000000000", "(all)", False): ("scan_failed", "access_denied")}),
        ("no wave can be decided", {(TRADING, VIRGINIA, False): ("scan_failed", "access_denied")}),
        ("no list of targets can be read", {(TRADING, VIRGINIA, False): ("scan_failed", "unexpected")}),
        (
            "no list of batches can be read",
            {
                (TRADING, VIRGINIA, False): ("scanned", "entered"),
                (TRADING, VIRGINIA, True): ("scan_failed", "unexpected"),
            },
        ),
        (
            "no target can be closed",
            {
                (TRADING, VIRGINIA, False): ("scan_failed", "target_not_summarized"),
                (TRADING, VIRGINIA, True): ("scanned", "verified"),
            },
        ),
        (
            "one function fails in each target",
            {
                (WALLET, SEOUL, False): ("scan_failed", "role_not_assumable"),
                (TRADING, SEOUL, False): ("scan_failed", "access_denied"),
                (TRADING, VIRGINIA, False): ("scanned", "entered"),
                (TRADING, VIRGINIA, True): ("scan_failed", "access_denied"),
                (STAGING, SEOUL, False): ("scanned", "entered"),
                (STAGING, SEOUL, True): ("scan_failed", "access_denied"),
                (STAGING, VIRGINIA, False): ("scanned", "entered"),
                (STAGING, VIRGINIA, True): ("scan_failed", "batch_not_recorded"),
            },
        ),
    ],
)
def test_what_is_caught_is_told_in_the_ledger(stage: Stage, name: str, expected: dict[Any, Any]) -> None:
    """A caught error ends as a line with its reason, and the run as incomplete."""
    ended = stage.played(name).ended
    assert reasons(ended) == expected
    assert (ended.status, ended.summary["status"]) == ("SUCCEEDED", "incomplete")


def test_a_list_that_cannot_be_read_is_named(stage: Stage) -> None:
    """The line of a target that the Map never saw says what Step Functions said."""
    (line,) = stage.played("no list of targets can be read").ended.ledger
    assert line["detail"].startswith("States.ItemReaderFailed: ")


def test_a_message_that_cannot_be_sent_costs_nothing_else(stage: Stage) -> None:
    """The run is complete, and its output says that Slack was not told."""
    ended = stage.played("no message can be claimed").ended
    assert (ended.status, ended.summary["status"]) == ("SUCCEEDED", "complete")
    assert ended.output["notified"] == {"notification": "unsent"}


def test_a_file_that_cannot_be_exported_costs_nothing_else(stage: Stage) -> None:
    """The run is complete and told; its output says which export is there and which is not."""
    ended = stage.played("no file can be exported").ended
    assert (ended.status, ended.summary["status"]) == ("SUCCEEDED", "complete")
    missing, written = ended.output["exported"]
    assert missing == {"export": "csv", "is_written": False, "keys": [], "error": "AccessDenied"}
    key = keys.out(ended.run.id, "report.xlsx")
    assert written == {"export": "xlsx", "is_written": True, "keys": [key]}
    assert stage.aws.deployment.data.get(key).startswith(b"PK")
    assert ended.output["notified"] == {"notification": "not_configured", "owners": {}}


@pytest.mark.parametrize(
    "name", ["no finding can be selected", "no list of what is imported can be read", "nobody is let in to import"]
)
def test_what_cannot_be_imported_costs_nothing_else(stage: Stage, name: str) -> None:
    """The run is complete and told; its output and its summary say that not everything was imported, and why."""
    ended = stage.played(name).ended
    assert (ended.status, ended.summary["status"]) == ("SUCCEEDED", "complete")
    assert ended.output["imported"]["is_complete"] is False
    told = ended.summary["security_hub"]
    whys = [told["why"], *(problem["why"] for problem in told["problems"])]
    assert any(word in why for why in whys for word in ("AccessDenied", "States.ItemReaderFailed", "MemberRoleDenied"))
    assert ended.output["notified"]["notification"] == "not_configured"


def test_an_import_that_cannot_be_summed_up_is_told(stage: Stage) -> None:
    """The output of the run says that nobody knows, and with which error."""
    ended = stage.played("no import can be summed up").ended
    assert (ended.status, ended.summary["status"]) == ("SUCCEEDED", "complete")
    assert ended.output["imported"] == {"is_complete": False, "error": "AccessDenied"}


def test_a_caught_error_skips_what_it_is_drawn_to_skip(stage: Stage) -> None:
    """Each target's execution goes from the failed state straight to the one that records it."""
    played = stage.played("one function fails in each target")
    whole = ["AssumeRole", "DiscoverInstances", "AnythingToScan?", "ScanBatches", "SummarizeTarget"]
    assert played.states == {
        (WALLET, SEOUL): ["AssumeRole", "SummarizeTarget"],
        (TRADING, SEOUL): ["AssumeRole", "DiscoverInstances", "SummarizeTarget"],
        **dict.fromkeys(((TRADING, VIRGINIA), (STAGING, SEOUL), (STAGING, VIRGINIA)), whole),
    }
    recorded = ["UploadResults", "AnyRetryable?", "BatchEnded"]
    assert played.batches == {
        (TRADING, VIRGINIA): ["WaitForTurn", "SendCommand", *recorded],
        (STAGING, SEOUL): ["WaitForTurn", "SendCommand", "WaitForCommand", "CheckCommand", *recorded],
        (STAGING, VIRGINIA): played.batches[STAGING, VIRGINIA],
    }
    assert played.batches[STAGING, VIRGINIA][-2:] == ["UploadResults", "BatchNotRecorded"]
