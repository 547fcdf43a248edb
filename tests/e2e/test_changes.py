"""Two scans with one change on one host in between: history, changes, report, terminal and diff tell exactly that."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from rich.console import Console

from fleetdx import keys
from fleetdx.cli.diff import compare, lines_of
from fleetdx.cli.local_tables import ask
from fleetdx.cli.outputs import collect
from fleetdx.queries.questions import questions
from fleetdx.reporting.terminal import summary_table
from tests.embedded import Embedded, embedded
from tests.fakes.ocsf import faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.embedded import Ended

CHANGED = "market-data-relay-1"
ITEM, CHECK = "U-01", "root_ssh_login_denied"


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("emulator")) as started:
        yield started


@pytest.fixture(scope="module")
def runs(aws: Embedded) -> tuple[Ended, Ended, Ended]:
    """A scan of one account's example hosts, one after a host was spoilt, and one after it was mended."""
    _, instance = aws.instance_named(CHANGED)
    configuration = aws.cloud.fleet.directory / instance / "root" / "etc" / "ssh" / "sshd_config"
    strict = b"PermitRootLogin no\n" + configuration.read_bytes()
    configuration.write_bytes(strict)
    scope, exports = {"accounts": ["333333333333"]}, ["xlsx", "csv", "ocsf"]
    first = aws.scan(scope, exports=exports)
    configuration.write_bytes(strict.replace(b"PermitRootLogin no", b"PermitRootLogin yes"))
    second = aws.scan(scope, exports=exports)
    configuration.write_bytes(strict)
    return first, second, aws.scan(scope, exports=["ocsf", "ocsf_full"])


def changes_of(aws: Embedded, ended: Ended) -> list[tuple[str, str, str, str]]:
    _, changed = aws.instance_named(CHANGED)
    lines = aws.deployment.data.get_lines(keys.out(ended.run.id, "changes.jsonl"))
    assert {line["instance"] for line in lines} in ({changed}, set())
    return [(line["change"], line["item"], line["check"], line["failing_since"]) for line in lines]


def line_of(aws: Embedded, ended: Ended) -> dict[str, Any]:
    """The result of the changed check on the changed host."""
    _, changed = aws.instance_named(CHANGED)
    results = aws.deployment.data.get_lines(keys.out(ended.run.id, "results.jsonl"))
    return next(line for line in results if (line["instance"], line["check"]) == (changed, CHECK))


def test_the_first_scan_tells_nothing_as_new(aws: Embedded, runs: tuple[Ended, Ended, Ended]) -> None:
    """All findings are of instances that were judged for the first time: they are counted, and none is told."""
    changes = runs[0].summary["changes"]
    totals = {kind: sum(counts.values()) for kind, counts in changes["counts"].items()}
    assert totals["initial"] == sum(runs[0].summary["totals"]["findings"].values()) > 0
    assert (totals["new"], totals["fixed"], totals["gone"], changes["first"]) == (0, 0, 0, [])


def test_one_change_is_told_as_one_change(aws: Embedded, runs: tuple[Ended, Ended, Ended]) -> None:
    """The spoilt host's one check is new, and its result says since when; mended, it is fixed."""
    _, second, third = runs
    since = line_of(aws, second)["failing_since"]
    assert since == line_of(aws, second)["at"]
    assert changes_of(aws, second) == [("new", ITEM, CHECK, since)]
    assert changes_of(aws, third) == [("fixed", ITEM, CHECK, since)]
    assert "failing_since" not in line_of(aws, third)


def test_findings_that_go_on_keep_their_first_day(aws: Embedded, runs: tuple[Ended, Ended, Ended]) -> None:
    """What failed from the first scan on says so in each later run."""
    first, _, third = (aws.deployment.data.get_lines(keys.out(run.run.id, "results.jsonl")) for run in runs)
    since = {(line["instance"], line["item"], line["check"]): line.get("failing_since") for line in first}
    assert since == {(line["instance"], line["item"], line["check"]): line.get("failing_since") for line in third}
    assert any(since.values())


def test_diff_terminal_and_report_show_exactly_that(
    aws: Embedded, runs: tuple[Ended, Ended, Ended], tmp_path: Path
) -> None:
    """`fleetdx diff` finds the one difference; summary, terminal and page name the host and the item."""
    first, second, _ = (collect(aws.deployment, run.run, tmp_path) for run in runs)
    _, changed = aws.instance_named(CHANGED)
    found = compare(first, second)
    (difference,) = found["verdicts"]
    assert (difference["kind"], difference["instance"], difference["check"]) == ("new", changed, CHECK)
    assert found["instances"] == []
    (told,) = runs[1].summary["changes"]["first"]
    assert (told["instance"], told["check"]) == (changed, CHECK)
    console = Console(file=io.StringIO(), width=100)
    console.print(summary_table(runs[1].summary))  # type: ignore[arg-type]  # as it was read from S3
    assert f"New {ITEM} {CHECK}" in console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    page = (second / "report.html").read_text(encoding="utf-8")
    section = page.split('<h2 id="changes">', 1)[1].split("</section>", 1)[0]
    assert section.count("<tr>") == 2
    assert changed in section


def documents_of(aws: Embedded, ended: Ended, name: str = "findings.ocsf.jsonl") -> list[dict[str, Any]]:
    return aws.deployment.data.get_lines(keys.out(ended.run.id, name))


def test_the_feed_of_changes_holds_exactly_that(aws: Embedded, runs: tuple[Ended, Ended, Ended]) -> None:
    """After the first run, which tells every finding, the feed holds the one that is new, then the same one fixed."""
    account_region_instance = aws.instance_named(CHANGED)[0]
    first, second, third = (documents_of(aws, run) for run in runs)
    assert len(first) == sum(runs[0].summary["totals"]["findings"].values())
    assert {document["unmapped"]["change"] for document in first} == {"new"}
    uid = f"{account_region_instance}/{ITEM}/{CHECK}"
    told = [[(one["finding_info"]["uid"], one["unmapped"]["change"]) for one in run] for run in (second, third)]
    assert told == [[(uid, "new")], [(uid, "fixed")]]
    assert [fault for one in (*first, *second, *third) for fault in faults(one)] == []


def test_the_full_feed_holds_every_result(aws: Embedded, runs: tuple[Ended, Ended, Ended]) -> None:
    """A snapshot has a document for each result and for each line of the ledger."""
    found = {one["finding_info"]["uid"] for one in documents_of(aws, runs[2], "findings.full.ocsf.jsonl")}
    results = sum(runs[2].summary["totals"]["verdicts"].values())
    assert len(found) == results + len(runs[2].ledger)


def test_workbook_and_table_hold_it_too(aws: Embedded, runs: tuple[Ended, Ended, Ended], tmp_path: Path) -> None:
    """At home, openpyxl and csv read the changed check of the changed host as failed, and before it as passed."""
    _, changed = aws.instance_named(CHANGED)
    verdicts = []
    for ended in runs[:2]:
        home = collect(aws.deployment, ended.run, tmp_path)
        assert [one["is_written"] for one in ended.output["exported"]] == [True] * 3
        sheet = load_workbook(home / "report.xlsx", read_only=True).worksheets[1]
        heading, *rows = sheet.iter_rows(values_only=True)
        by_name = [dict(zip(heading, row, strict=True)) for row in rows]
        of_book = [row["Verdict"] for row in by_name if row["Instance"] == changed and row["Item"] == ITEM]
        with (home / "results.csv").open(encoding="utf-8-sig", newline="") as file:
            table = list(csv.DictReader(file))
        of_table = [row["Verdict"] for row in table if row["Instance"] == changed and row["Check"] == CHECK]
        assert len(by_name) == len(table) == sum(ended.summary["totals"]["verdicts"].values())
        verdicts.append((of_book, of_table))
    assert verdicts == [(["Pass"], ["Pass"]), (["Fail"], ["Fail"])]


def test_queries_over_all_runs_come_to_what_the_files_say(
    aws: Embedded, runs: tuple[Ended, Ended, Ended], tmp_path: Path
) -> None:
    """Each question's figures are those of the newest run and of all changes, counted here without SQL."""
    found = [collect(aws.deployment, run.run, tmp_path) for run in runs]
    results, ledger = (list(lines_of(found[-1] / name)) for name in ("results.jsonl", "ledger.jsonl"))

    def rows(name: str) -> list[dict[str, Any]]:
        answer = ask(questions()[name].sql, found)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    failing = Counter((line["item"], line["check"]) for line in results if line["verdict"] == "fail")
    assert {(one["item"], one["check"]): one["failing"] for one in rows("worst_items")} == failing
    verdicts = Counter(line["verdict"] for line in results)
    (league,) = rows("account_league")
    assert league["high"] + league["medium"] + league["low"] == verdicts["fail"]
    assert league["passed_percent"] == round(100 * verdicts["pass"] / (verdicts["pass"] + verdicts["fail"]), 1)
    open_findings = sorted(line["failing_since"] for line in results if "failing_since" in line)
    assert [one["failing_since"] for one in rows("failing_since")] == open_findings
    (fix,) = rows("mean_time_to_fix")
    assert (fix["severity"], fix["fixed"], fix["mean_days"]) == ("high", 1, fix["longest_days"])
    gaps = {(line["region"], line["instance"]) for line in ledger if line["state"] in {"scan_failed", "not_managed"}}
    assert {(one["region"], one["instance"]) for one in rows("coverage_gaps")} == gaps


def test_ledger_and_changes_lie_where_athena_reads_them(aws: Embedded, runs: tuple[Ended, Ended, Ended]) -> None:
    """What a run leaves for Athena is what it leaves for people, packed as the key's end says."""
    data = aws.deployment.data
    for ended in runs:
        for name, key in (("ledger", keys.analyzed_ledger), ("changes", keys.analyzed_changes)):
            packed = gzip.decompress(data.get(key(ended.run.id))).splitlines()
            assert [json.loads(line) for line in packed] == data.get_lines(keys.out(ended.run.id, f"{name}.jsonl"))
