"""What differs between two runs, and what `fleetdx diff` says of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.comparison import instance_differences, kind_of, ordered, verdict_differences, verdicts_of
from fleetdx.models import VERDICTS
from tests.typed import typed

FLEETDX = Path(sys.executable).with_name("fleetdx")
FIRST, SECOND = "20261123T021500Z-3fa9c1", "20261124T021500Z-3fa9c1"


def result(verdict: str, instance: str = "i-1", item: str = "U-01", **fields: Any) -> Any:
    place = {"account": "111122223333", "account_name": "trading", "region": "ap-northeast-2", "instance": instance}
    given: dict[str, Any] = {"instance_name": None, "item": item, "check": "x", "severity": "high", "reason": "R."}
    return {**place, **given, "verdict": verdict, **fields}


def instance(state: str | None, name: str = "i-1") -> Any:
    place = {"account": "111122223333", "account_name": "trading", "region": "ap-northeast-2", "instance": name}
    return {**place, "instance_name": None, "state": state, "reason": f"why_{state}"}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("pass", "fail", "new"),
        ("manual", "fail", "new"),
        ("fail", "pass", "fixed"),
        ("fail", "not_applicable", "fixed"),
        ("fail", "error", "verdict"),
        ("fail", "manual", "verdict"),
        ("pass", "error", "verdict"),
    ],
)
def test_what_could_not_be_judged_is_no_fix(before: Any, after: Any, kind: str) -> None:
    """A finding is fixed by a pass, or where the check no longer applies; an error or manual verdict is neither."""
    assert kind_of(before, after) == kind


@given(st.lists(st.tuples(st.sampled_from(VERDICTS), st.sampled_from(VERDICTS)), max_size=20))
def test_a_difference_is_told_exactly_where_verdicts_differ(pairs: list[tuple[str, str]]) -> None:
    """Each check whose verdict differs is told once, with both verdicts; all others are not."""
    before = [result(one, item=f"U-{number}") for number, (one, _) in enumerate(pairs)]
    after = [result(other, item=f"U-{number}") for number, (_, other) in enumerate(pairs)]
    found = list(verdict_differences(verdicts_of(before), after))
    expected = [(f"U-{n}", one, other) for n, (one, other) in enumerate(pairs) if one != other]
    assert [(one["item"], one["before"], one["after"]) for one in found] == expected


def test_what_only_one_run_has_checked_is_not_compared() -> None:
    """A new host, a new item or one that was left out is no difference of verdicts."""
    before = verdicts_of([result("pass"), result("fail", "i-2")])
    assert list(verdict_differences(before, [result("fail", "i-3"), result("fail", item="U-02")])) == []


def test_the_weighty_come_first() -> None:
    """New findings before fixed ones, high before low."""
    before = verdicts_of([result("fail", item="U-1"), result("pass", item="U-2"), result("pass", item="U-3")])
    after = [result("pass", item="U-1"), result("fail", item="U-2", severity="low"), result("fail", item="U-3")]
    assert [one["item"] for one in ordered(verdict_differences(before, after))] == ["U-3", "U-2", "U-1"]


def test_instances_that_came_went_or_ended_otherwise_are_told() -> None:
    """An instance that is in one run alone, or in another state, is a difference; one that stayed is none."""
    account_region: Any = {**instance("scanned"), "instance": None}
    found = instance_differences(
        [account_region, instance("scanned"), instance("scanned", "i-2"), instance("stopped", "i-3")],
        [account_region, instance("scanned"), instance("stopped", "i-2"), instance("scanned", "i-4")],
    )
    assert [(one["instance"], one["before"], one["after"]) for one in found] == [
        ("i-2", "scanned", "stopped"),
        ("i-3", "stopped", None),
        ("i-4", None, "scanned"),
    ]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Two runs, the later one with a new finding and a stopped host."""
    for run, results, ledger in (
        (FIRST, [result("pass"), result("fail", item="U-02")], [instance("scanned"), instance("scanned", "i-2")]),
        (SECOND, [result("fail"), result("pass", item="U-02")], [instance("scanned"), instance("stopped", "i-2")]),
    ):
        directory = tmp_path / "out" / run
        directory.mkdir(parents=True)
        for name, lines in (("results.jsonl", results), ("ledger.jsonl", ledger)):
            (directory / name).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    (tmp_path / "out" / "latest").symlink_to(SECOND)
    return tmp_path


def asked(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return typed(directory, "diff", *arguments)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("1 new finding", "1 fixed finding", "Fail", "1 instance ended in another state", "Stopped")),
        ("ko", ("새로 발견된 취약 항목 1건", "조치된 항목 1건", "취약", "상태가 달라진 인스턴스 1대", "중지됨")),
    ],
)
def test_differences_are_told_in_the_readers_language(place: Path, language: str, words: tuple[str, ...]) -> None:
    """The later run may be left out, and then is the latest; findings, hosts and states stand in tables.

    In a process of its own, whose terminal decides how Korean is written.
    """
    command = [FLEETDX, "diff", FIRST, "--language", language]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    for word in (*words, FIRST, SECOND, "U-01", "i-2"):
        assert word in done.stdout


def test_machines_get_one_document(place: Path) -> None:
    """--json prints everything, and --fail-on makes a new finding the exit code."""
    done = asked(place, FIRST, SECOND, "--json", "--fail-on", "high")
    assert done.returncode == 3
    told = json.loads(done.stdout)
    assert (told["before"], told["after"]) == (FIRST, SECOND)
    assert [(one["kind"], one["item"]) for one in told["verdicts"]] == [("new", "U-01"), ("fixed", "U-02")]
    assert asked(place, SECOND, FIRST, "--fail-on", "low").returncode == 3
    assert asked(place, SECOND, SECOND, "--fail-on", "low").returncode == 0
    assert "Nothing differs" in asked(place, SECOND, SECOND).stdout


def test_a_run_that_is_not_there_or_damaged_is_a_usage_error(place: Path) -> None:
    """The sentence names the run or the line, and the exit code is 2."""
    done = asked(place, "20261101T000000Z-000000", SECOND)
    assert (done.returncode, done.stdout) == (2, "")
    assert "20261101T000000Z-000000" in done.stderr
    (place / "out" / FIRST / "results.jsonl").write_text("{\n", encoding="utf-8")
    done = asked(place, FIRST, SECOND)
    assert done.returncode == 2
    assert "line 1 is not JSON" in done.stderr
