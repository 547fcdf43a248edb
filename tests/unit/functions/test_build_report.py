"""The report reconciles what a run has written, with real reporting, and says incomplete where it must."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import Any

import pytest

from fleetdx import keys
from fleetdx.batches import AttemptPlan, write_plan
from fleetdx.errors import BundleMissing
from fleetdx.judging import Sources
from fleetdx.ledger import Outcome, instance_line, settled_lines, target_line
from fleetdx.waivers import Rules
from functions.build_report import handler
from functions.upload_results import handler as upload_results
from tests.fakes.ec2 import instance, instance_id
from tests.fakes.runs import (
    ACCOUNT,
    BUNDLE,
    OPENED,
    PLACE,
    REGION,
    RUN,
    TARGET,
    batch_state,
    digest_line,
    document,
    entry,
    invocation,
    open_run,
    packed,
    store_inventory,
)
from tests.fakes.s3 import FakeS3, bucket, fake
from tests.fakes.ssm import FakeSsm
from tests.fakes.waivers import waiver

EVENT: dict[str, Any] = OPENED
FAILURE = {"Error": "AccessDenied", "Cause": '{"errorMessage": "ListAccounts: AccessDeniedException"}'}
NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
NOTHING_WAIVED = handler.Register([], Rules(365, NOW, lambda _: frozenset()), "")
ENTERED = Outcome("scanned", "entered", "In.")


def scanned_run(hosts: int, verified: int, others: Any = None, *, closed: bool = True) -> Any:
    """A run of one account-region as the functions before leave it, by the real upload_results."""
    s3 = FakeS3()
    data, intake, ssm = bucket("data", s3), bucket("intake", s3), FakeSsm()
    open_run(data)
    data.put_json(keys.targets(RUN), [TARGET])
    inventory = store_inventory(data, hosts, others)
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "discovery"), settled_lines(PLACE, inventory))
    for number in range(1, verified + 1):
        body = packed(document())
        prefix = keys.intake_prefix(RUN, ACCOUNT, REGION, "0000-01")
        line = digest_line(body)
        intake.put(keys.intake_object(prefix, instance_id(number), line.split()[3]), body)
        ssm.invocations.setdefault("c", []).append(invocation(instance_id(number), line))
    batch = batch_state(0, 1, 1)
    write_plan(data, TARGET, batch, AttemptPlan([instance_id(n) for n in range(1, hosts + 1)], {}, {}))
    event: Any = {
        **TARGET,
        "batch": batch,
        "command": {"id": "c", "batch": "0000-01"},
    }
    upload_results.run(event, Sources(data, intake, lambda _: ssm))  # type: ignore[arg-type, return-value]
    if closed:
        line_of_target = target_line(PLACE, ENTERED, len(inventory["instances"]))
        data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "target"), [line_of_target])
    return data


def build(data: Any, register: Any = NOTHING_WAIVED, **event: Any) -> Any:
    return handler.run({**EVENT, **event}, data, lambda: register)  # type: ignore[typeddict-item]


def reasons_of_gaps(data: Any) -> list[str]:
    return [gap["reason"] for gap in data.get_json(keys.out(RUN, "summary.json"))["gaps"]]


def test_whole_run_is_complete() -> None:
    """Every instance verified: complete, with findings counted and all four files written."""
    data = scanned_run(2, 2, [instance(instance_id(900), "stopped")])
    assert build(data) == {
        "status": "complete",
        "key": f"runs/{RUN}/report.html",
        "instances": 3,
        "scanned": 2,
        "gaps": 0,
        "high": 0,
        "medium": 2,
        "low": 0,
    }
    summary = data.get_json(keys.out(RUN, "summary.json"))
    assert summary["totals"]["verdicts"] == {"pass": 2, "fail": 2, "manual": 4, "not_applicable": 0, "error": 0}
    assert summary["request"]["scope"] == {"organization": True}
    assert summary["started_at"] == EVENT["started_at"]
    ledger, results = data.get_lines(keys.out(RUN, "ledger.jsonl")), data.get_lines(keys.out(RUN, "results.jsonl"))
    assert (len(ledger), len(results)) == (4, 8)
    page = data.get(keys.out(RUN, "report.html")).decode()
    assert page.startswith("<!doctype html>")
    assert instance_id(1) in page


def test_second_call_leaves_the_same_report() -> None:
    """A Retry writes the same files with the same figures; only the time of finishing moves."""
    data = scanned_run(2, 1)
    first = build(data)
    ledger = data.get(keys.out(RUN, "ledger.jsonl"))
    assert build(data) == first
    assert data.get(keys.out(RUN, "ledger.jsonl")) == ledger


def test_score_is_told_with_those_of_runs_that_asked_for_the_same() -> None:
    """The summary has the run's score and the row of runs up to it; a report that is built again adds nothing."""
    data = scanned_run(2, 2)
    build(data)
    build(data)
    summary = data.get_json(keys.out(RUN, "summary.json"))
    (point,) = summary["trend"]["points"]
    assert (point["run"], point["value"], point["gaps"]) == (RUN, summary["score"]["value"], 0)
    # Two passes of high importance and two failures of medium importance: 6 of 10.
    assert summary["score"]["value"] == 60.0
    assert len(list(data.keys("history/scores/"))) == 1


@pytest.mark.reaches("not_invoked")
def test_unreached_instance_makes_the_run_incomplete() -> None:
    """One host without a verified result is a gap by name."""
    data = scanned_run(2, 1)
    answer = build(data)
    assert (answer["status"], answer["scanned"], answer["gaps"]) == ("incomplete", 1, 1)
    (gap,) = data.get_json(keys.out(RUN, "summary.json"))["gaps"]
    assert (gap["instance"], gap["reason"]) == (instance_id(2), "not_invoked")


@pytest.mark.reaches("target_not_summarized")
def test_lost_target_cannot_look_like_a_small_fleet() -> None:
    """An account-region whose execution died before closing is a gap, and its instances are counted."""
    data = scanned_run(2, 2, closed=False)
    answer = build(data)
    assert (answer["status"], answer["instances"], answer["scanned"]) == ("incomplete", 2, 2)
    assert reasons_of_gaps(data) == ["target_not_summarized"]


@pytest.mark.reaches("instances_unaccounted")
def test_fewer_instances_than_ec2_reports_is_a_gap() -> None:
    """An account-region whose line counts more instances than the ledger names is not believed."""
    data = scanned_run(2, 2)
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "target"), [target_line(PLACE, ENTERED, 3)])
    assert build(data)["status"] == "incomplete"
    assert reasons_of_gaps(data) == ["instances_unaccounted"]


@pytest.mark.reaches("no_ledger_line")
def test_instances_without_their_account_region_are_a_gap() -> None:
    """Instances of an account-region that no target and no line speaks of make the run incomplete."""
    data = scanned_run(1, 1)
    stranger = instance_line(
        PLACE._replace(region="eu-west-1"), entry(7), Outcome("stopped", "instance_stopped", "Off.")
    )
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, "eu-west-1", "discovery"), [stranger])
    assert build(data)["status"] == "incomplete"
    assert reasons_of_gaps(data) == ["no_ledger_line"]


@pytest.mark.reaches("no_results")
def test_scanned_without_results_is_a_gap() -> None:
    """A ledger that promises results that are not there is not believed."""
    data = scanned_run(1, 1)
    del fake(data).objects["data", keys.results_part(RUN, ACCOUNT, REGION, "0000-01")]
    assert build(data)["status"] == "incomplete"
    assert reasons_of_gaps(data) == ["no_results"]


@pytest.mark.reaches("access_denied")
def test_failure_before_the_targets_is_reported() -> None:
    """ListTargets failed: an incomplete report of an organization that could not be listed."""
    data = bucket()
    open_run(data)
    answer = build(data, failure=FAILURE)
    assert (answer["status"], answer["instances"], answer["gaps"]) == ("incomplete", 0, 1)
    (gap,) = data.get_json(keys.out(RUN, "summary.json"))["gaps"]
    assert (gap["account_name"], gap["reason"]) == ("(organization)", "access_denied")


def test_strays_are_reported() -> None:
    """What lay in the intake without belonging to anybody is in the summary."""
    data = scanned_run(1, 1)
    data.put_json(keys.strays(RUN, ACCOUNT, REGION, "0007-00"), [{"key": "k", "reason": "named_by_no_digest"}])
    build(data)
    assert {"key": "k", "reason": "named_by_no_digest"} in data.get_json(keys.out(RUN, "summary.json"))["strays"]


def test_repeated_lines_count_once() -> None:
    """A ledger part delivered twice and a late failure change no figure."""
    data = scanned_run(1, 1)
    late = instance_line(PLACE, entry(1), Outcome("scan_failed", "undeliverable", "Late."))
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "zz-late"), [late, late])
    answer = build(data)
    assert (answer["status"], answer["instances"], answer["scanned"]) == ("complete", 1, 1)


def test_dry_run_leaves_a_plan_alone() -> None:
    """A dry run writes plan.json and neither summary nor report."""
    data = bucket()
    open_run(data, dry_run=True)
    data.put_json(keys.targets(RUN), [TARGET])
    store_inventory(data, 51, [instance(instance_id(900), "stopped")])
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "target"), [target_line(PLACE, ENTERED, 52)])
    answer = build(data, dry_run=True)
    assert (answer["status"], answer["instances"], answer["scanned"], answer["gaps"]) == ("planned", 52, 0, 0)
    plan = data.get_json(answer["key"])
    assert (plan["instances_to_scan"], plan["commands"]) == (51, 2)
    assert keys.out(RUN, "summary.json") not in fake(data).written


def test_dry_run_counts_what_it_could_not_enter() -> None:
    """An account-region that a dry run could not enter is a gap of the plan."""
    data = bucket()
    open_run(data, dry_run=True)
    data.put_json(keys.targets(RUN), [TARGET])
    assert build(data, dry_run=True)["gaps"] == 1


def test_report_without_catalog_is_refused() -> None:
    """Without the catalog a report would be ambiguous: BundleMissing, and nothing is written for people."""
    data = scanned_run(1, 1)
    del fake(data).objects["data", keys.catalog(BUNDLE)]
    with pytest.raises(BundleMissing):
        build(data)
    assert keys.out(RUN, "report.html") not in fake(data).written


def test_results_are_copied_as_they_are() -> None:
    """results.jsonl holds the result lines, and of findings since when they fail; at rest it is compressed."""
    data = scanned_run(1, 1)
    build(data)
    part = data.get_lines(keys.results_part(RUN, ACCOUNT, REGION, "0000-01"))
    expected = [
        {**line, "first_seen": line["at"], "failing_since": line["at"]} if line["verdict"] == "fail" else line
        for line in part
    ]
    assert {line["verdict"] for line in part} > {"fail"}
    assert data.get_lines(keys.out(RUN, "results.jsonl")) == expected
    at_rest = data.client.objects[data.name, keys.out(RUN, "results.jsonl")]  # type: ignore[attr-defined]  # a fake's
    assert [json.loads(line) for line in gzip.decompress(at_rest).splitlines()] == expected


def test_a_waived_finding_stays_and_does_not_count() -> None:
    """Its line says by which waiver; findings are fewer by it, and the summary counts it as waived."""
    data = scanned_run(2, 2)
    counted = build(data)["medium"]
    entry = waiver({"instance_id": instance_id(1)}, item="U-02")
    answer = build(data, handler.Register([entry], Rules(365, NOW, lambda _: frozenset()), ""))
    summary = data.get_json(keys.out(RUN, "summary.json"))
    waived = [line for line in data.get_lines(keys.out(RUN, "results.jsonl")) if "waiver" in line]
    assert [(line["instance"], line["verdict"], line["waiver"]["id"]) for line in waived] == [
        (instance_id(1), "fail", entry.id)
    ]
    assert (answer["medium"], sum(summary["totals"]["waived"].values())) == (counted - 1, 1)
    assert [(one["id"], one["standing"], one["findings"]) for one in summary["waivers"]["entries"]] == [
        (entry.id, "holds", 1)
    ]
    assert entry.reason in data.get(keys.out(RUN, "report.html")).decode()


def test_a_register_that_cannot_be_read_waives_nothing_and_is_told() -> None:
    """The run goes on, all findings count, and summary and report say why no waiver holds."""
    data = scanned_run(1, 1)
    build(data, NOTHING_WAIVED._replace(unreadable="s3://data/config/exemptions.json cannot be read (/exemptions)"))
    assert "cannot be read" in data.get_json(keys.out(RUN, "summary.json"))["waivers"]["unreadable"]
    assert "No waiver holds: s3://data/config/exemptions.json" in data.get(keys.out(RUN, "report.html")).decode()


def test_a_report_that_is_built_again_tells_the_same_changes() -> None:
    """The first look at an instance is counted apart, and a second BuildReport finds what the first did."""
    data = scanned_run(2, 2)
    build(data)
    changes = data.get_lines(keys.out(RUN, "changes.jsonl"))
    assert {(change["change"], change["instance"]) for change in changes} == {
        ("initial", instance_id(1)),
        ("initial", instance_id(2)),
    }
    told = data.get_json(keys.out(RUN, "summary.json"))["changes"]
    assert sum(told["counts"]["initial"].values()) == len(changes)
    assert (told["first"], told["unreadable"]) == ([], [])
    build(data)
    assert data.get_lines(keys.out(RUN, "changes.jsonl")) == changes
